"""What skin, eyes, hair and the dome of light are made of: nodes of the path tracer by name.

Every function fills one tree of nodes and returns those that jobs turn afterwards, by name.
"""

from __future__ import annotations

from typing import Any

Switches = dict[str, Any]

# What the camera sees: head and hair as they are; the head as a hole; hair as a hole; nothing of the head,
# and hair as a hole where it is met first, itself where it is met through the head.
PLAIN, NO_HEAD, NO_HAIR, THROUGH, SOFT = range(5)
# "soft" is "bare" with light that goes under the skin, which is dear and only for looking at.
SEEN = {
    "front": NO_HEAD, "skin": NO_HAIR, "behind": THROUGH, "facts": NO_HEAD, "bare": PLAIN, "soft": SOFT
}  # fmt: skip
# Which of them it is, the camera's x in the world says: in steps of this many cm, modulo eight. All that
# could be switched on an object or a material makes Blender build the tree of all strands anew (up to 60
# core-seconds); a camera that moves does not, and this moves the picture by less than 0.01 pixels.
STEP = 1e-4
_UNDER_SKIN = 0.6  # share of skin's light that has been under it
# How much narrower the outside of a strand throws light back than what has been inside it: healthy hair is
# smooth, and without this even straight dark hair had no band of light along the curve of the head.
_COAT = 0.45


class Nodes:
    """Makes nodes of one tree: `make(kind, *inputs)` links sockets and sets numbers in their order."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        tree.nodes.clear()

    def __call__(self, kind: str, *inputs: Any) -> Any:
        node = self.tree.nodes.new(kind)
        for socket, value in zip(node.inputs, inputs, strict=False):
            if isinstance(value, int | float | tuple):
                socket.default_value = value
            else:
                self.link(value, socket)
        return node

    def link(self, start: Any, end: Any) -> None:
        self.tree.links.new(start, end)


def set_inputs(node: Any, values: dict[str, float]) -> None:
    """Sets a node's inputs by name."""
    for name, value in values.items():
        node.inputs[name].default_value = value


def dome(make: Nodes) -> Switches:
    """The dome: brightness by height in the room, which stands upright in the picture."""
    up = make("ShaderNodeCombineXYZ")
    height = make("ShaderNodeVectorMath", make("ShaderNodeTexCoord").outputs["Generated"], up.outputs[0])
    height.operation = "DOT_PRODUCT"
    share = make("ShaderNodeMath", height.outputs["Value"], 0.5, 0.5)
    share.operation = "MULTIPLY_ADD"
    ramp = make("ShaderNodeValToRGB", share.outputs[0])
    elements = ramp.color_ramp.elements
    elements[0].position, elements[1].position = 0.25, 0.95
    elements.new(0.5)
    background = make("ShaderNodeBackground", ramp.outputs[0])
    make("ShaderNodeOutputWorld", background.outputs[0])
    return {"up": up, "ramp": ramp}


def skin(make: Nodes) -> Switches:
    """Skin: light that goes a little under it, an uneven sheen, fine relief."""
    surface = make("ShaderNodeBsdfPrincipled")
    tint = make("ShaderNodeAttribute")
    tint.attribute_name = "tint"
    where = make("ShaderNodeTexCoord").outputs["Object"]
    blotch = make("ShaderNodeTexNoise", where)
    blotch.inputs["Scale"].default_value, blotch.inputs["Detail"].default_value = 0.9, 5.0
    uneven = make("ShaderNodeMapRange", blotch.outputs[0], 0.3, 0.7, 0.90, 1.08)
    colour = make("ShaderNodeVectorMath", tint.outputs["Color"], uneven.outputs[0])
    colour.operation = "MULTIPLY"
    sheen = make("ShaderNodeMapRange", blotch.outputs[0], 0.3, 0.7, 0.40, 0.58)
    pores = make("ShaderNodeTexNoise", where)
    pores.inputs["Scale"].default_value, pores.inputs["Detail"].default_value = 14.0, 3.0
    relief = make("ShaderNodeBump")
    relief.inputs["Strength"].default_value, relief.inputs["Distance"].default_value = 0.25, 0.02
    make.link(pores.outputs[0], relief.inputs["Height"])
    make.link(colour.outputs[0], surface.inputs["Base Color"])
    make.link(sheen.outputs[0], surface.inputs["Roughness"])
    make.link(relief.outputs[0], surface.inputs["Normal"])
    surface.subsurface_method = "RANDOM_WALK"
    under = make("ShaderNodeMath", _is(make, SOFT), _UNDER_SKIN)
    under.operation = "MULTIPLY"
    make.link(under.outputs[0], surface.inputs["Subsurface Weight"])
    set_inputs(surface, {"Subsurface Scale": 1.0, "Specular IOR Level": 0.35})
    surface.inputs["Subsurface Radius"].default_value = (0.24, 0.09, 0.05)  # cm: red goes furthest
    make("ShaderNodeOutputMaterial", _hidden(make, surface.outputs[0]))
    return {}


def eyes(make: Nodes) -> Switches:
    """Eyes: white, iris and pupil by the distance from where each of them looks out."""
    where = make("ShaderNodeNewGeometry").outputs["Position"]
    away, irises = [], {}
    for side in (0, 1):
        centre = irises[f"iris{side}"] = make("ShaderNodeCombineXYZ")
        distance = make("ShaderNodeVectorMath", where, centre.outputs[0])
        distance.operation = "DISTANCE"
        away.append(distance.outputs["Value"])
    nearest = make("ShaderNodeMath", *away)
    nearest.operation = "MINIMUM"
    ramp = make("ShaderNodeValToRGB", nearest.outputs[0])
    # cm from where the eye looks out, and albedo: pupil, iris, its dark rim, white.
    steps = (
        (0.20, (0.004,) * 3), (0.24, (0.07, 0.04, 0.02)), (0.50, (0.05, 0.028, 0.015)),
        (0.60, (0.02,) * 3), (0.66, (0.55, 0.50, 0.47)),
    )  # fmt: skip
    elements = ramp.color_ramp.elements
    for _ in steps[2:]:
        elements.new(0.5)
    for element, (position, colour) in zip(elements, steps, strict=True):
        element.position, element.color = position, (*colour, 1.0)
    surface = make("ShaderNodeBsdfPrincipled")
    make.link(ramp.outputs[0], surface.inputs["Base Color"])
    set_inputs(surface, {"Roughness": 0.08, "Specular IOR Level": 0.5})
    make("ShaderNodeOutputMaterial", _hidden(make, surface.outputs[0]))
    return irises


def hair(make: Nodes) -> Switches:
    """Hair: pigment, dye and gloss as its points and strands have them; what is told of it besides."""
    surface = make("ShaderNodeBsdfHairPrincipled")
    surface.model, surface.parametrization = "CHIANG", "MELANIN"
    set_inputs(surface, {"Random Color": 0.0, "Random Roughness": 0.0, "IOR": 1.55, "Coat": _COAT})
    for name, socket in (("melanin", "Melanin"), ("redness", "Melanin Redness"), ("tint", "Tint")):
        node = make("ShaderNodeAttribute")
        node.attribute_name = name
        make.link(node.outputs["Vector" if name == "tint" else "Fac"], surface.inputs[socket])
    rough = make("ShaderNodeAttribute")
    rough.attribute_name = "rough"
    make.link(rough.outputs["Fac"], surface.inputs["Roughness"])
    path = make("ShaderNodeLightPath")
    met_first = make("ShaderNodeMath", path.outputs["Transparent Depth"], 0.5)
    met_first.operation = "LESS_THAN"
    camera = make("ShaderNodeMath", path.outputs["Is Camera Ray"], met_first.outputs[0])
    camera.operation = "MULTIPLY"
    hidden = make("ShaderNodeMath", _is(make, NO_HAIR), _is(make, THROUGH))
    hidden.operation = "ADD"
    share = make("ShaderNodeMath", camera.outputs[0], hidden.outputs[0])
    share.operation = "MULTIPLY"
    hole = make("ShaderNodeHoldout").outputs[0]
    mixed = make("ShaderNodeMixShader", share.outputs[0], surface.outputs[0], hole)
    make("ShaderNodeOutputMaterial", mixed.outputs[0])
    _direction(make)
    return {"hair": surface}


def _direction(make: Nodes) -> None:
    """Writes where a strand points in the picture, as the doubled angle too, whose mean does not cancel;
    its depth; and the number of its lock."""

    def math(operation: str, *values: Any) -> Any:
        node = make("ShaderNodeMath", *values)
        node.operation = operation
        return node.outputs[0]

    turned = make("ShaderNodeVectorTransform", make("ShaderNodeNewGeometry").outputs["Tangent"])
    turned.vector_type, turned.convert_from, turned.convert_to = "VECTOR", "WORLD", "CAMERA"
    tangent = make("ShaderNodeSeparateXYZ", turned.outputs[0]).outputs
    camera = make("ShaderNodeCameraData")
    view = make("ShaderNodeSeparateXYZ", camera.outputs["View Vector"]).outputs
    forward = math("ABSOLUTE", view[2])
    # Derivative of (x / z, y / z) along the strand, times z; the picture's y points down.
    right = math("SUBTRACT", tangent[0], math("MULTIPLY", tangent[2], math("DIVIDE", view[0], view[2])))
    rise = math("SUBTRACT", math("MULTIPLY", tangent[2], math("DIVIDE", view[1], view[2])), tangent[1])
    right2, rise2 = math("MULTIPLY", right, right), math("MULTIPLY", rise, rise)
    length2 = math("MAXIMUM", math("ADD", right2, rise2), 1e-9)
    length = math("SQRT", length2)
    cosine = math("DIVIDE", math("SUBTRACT", right2, rise2), length2)
    sine = math("DIVIDE", math("MULTIPLY", math("MULTIPLY", right, rise), 2.0), length2)
    depth = math("MULTIPLY", camera.outputs["View Distance"], forward)
    clump = make("ShaderNodeAttribute")
    clump.attribute_name = "clump"
    lock = math("ADD", clump.outputs["Fac"], 1.0)
    for name, values in (
        ("orient", (cosine, sine, depth)),
        ("along", (math("DIVIDE", right, length), math("DIVIDE", rise, length), lock)),
    ):
        packed = make("ShaderNodeCombineXYZ", *values)
        out = make("ShaderNodeOutputAOV", packed.outputs[0])
        out.aov_name = name


def _hidden(make: Nodes, surface: Any) -> Any:
    """`surface`, or for camera rays a hole or nothing at all, as the camera says."""
    see_through = _is(make, THROUGH)
    hidden = make("ShaderNodeMath", _is(make, NO_HEAD), see_through)
    hidden.operation = "ADD"
    hole = make("ShaderNodeHoldout").outputs[0]
    through = make("ShaderNodeBsdfTransparent").outputs[0]
    instead = make("ShaderNodeMixShader", see_through, hole, through)
    first = make("ShaderNodeLightPath").outputs["Is Camera Ray"]
    share = make("ShaderNodeMath", first, hidden.outputs[0])
    share.operation = "MULTIPLY"
    return make("ShaderNodeMixShader", share.outputs[0], surface, instead.outputs[0]).outputs[0]


def _is(make: Nodes, what: int) -> Any:
    """1 if the camera's place says `what`, else 0."""
    place = make("ShaderNodeVectorTransform", (0.0, 0.0, 0.0))
    place.vector_type, place.convert_from, place.convert_to = "POINT", "CAMERA", "WORLD"
    value = make("ShaderNodeSeparateXYZ", place.outputs[0]).outputs[0]
    for operation, by in (
        ("DIVIDE", STEP),
        ("ADD", 0.5),
        ("FLOOR", 0.0),
        ("FLOORED_MODULO", 8.0),
        ("COMPARE", what),
    ):
        node = make("ShaderNodeMath", value, float(by), 0.1)
        node.operation = operation
        value = node.outputs[0]
    return value
