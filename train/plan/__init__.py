"""What an hour on a machine with a GPU is best used for: steps in order of worth, each saved as it is done.

python -m train plan --minutes 45 --out runs/plan
"""
