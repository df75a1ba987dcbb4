"""The scene, its camera and lamps, and what is done with them.

There is one scene, and its tree of all strands is built once for a groom: nothing may be touched that would
have it built anew, which costs as much as the picture itself. So strands are in the scene twice (see `hair`),
a head without hair is one whose hair has been carried far off, bounces and filter are the same for every
picture, and what is seen is switched in the materials (a holdout or a see-through surface for camera rays
only) by the place of the camera.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from train.groom.cycles import shaders
from train.groom.cycles.shaders import SEEN, STEP
from train.groom.lights import GROUPS
from train.groom.worker import NoDevice, read_exr

# Where the hair is, and where it is out of everybody's sight and light: a kilometre below, cm.
_HERE, _AWAY = (0.0, 0.0, 0.0), (0.0, 0.0, -1e5)

FLOAT = np.float32


class Studio:
    """Scenes, materials and lights, and what is done with them. Its public methods are the jobs."""

    def __init__(self) -> None:
        import bpy

        self.bpy = bpy
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.said = {"blender": bpy.app.version_string}
        self.switch: dict[str, Any] = {}
        self.strands: list[Any] = []
        self.scene = self._scene()
        self.skin = self._material("skin", shaders.skin)
        self.eyes = self._material("eyes", shaders.eyes)
        self.hair_material = self._material("hair", shaders.hair)
        self.lamps: list[Any] = []

    # ---- jobs

    def device(self, kind: str) -> dict[str, Any]:
        """CPU, CUDA or OPTIX. Answers which devices are used."""
        used = ["CPU"]
        if kind != "CPU":
            preferences = self.bpy.context.preferences.addons["cycles"].preferences
            try:
                preferences.compute_device_type = kind
                preferences.get_devices()
            except TypeError:  # this Blender was built without it
                raise NoDevice(kind) from None
            for one in preferences.devices:
                one.use = one.type == kind
            used = [one.name for one in preferences.devices if one.use]
            if not used:
                raise NoDevice(kind)
        self.scene.cycles.device = "CPU" if kind == "CPU" else "GPU"
        return {"devices": used}

    def threads(self, count: int) -> None:
        self.scene.render.threads_mode = "FIXED" if count else "AUTO"
        if count:
            self.scene.render.threads = count

    def head(self, path: str) -> None:
        """`vertices` (V, 3), `faces` (F, 4), `part` (F,) 0 skin, 1 eye; `tint` (V, 3); `iris` (2, 3)."""
        data = np.load(path)
        bpy = self.bpy
        self._forget("head", bpy.data.meshes)
        mesh = bpy.data.meshes.new("head")
        faces = [[int(i) for i in face if i >= 0] for face in data["faces"]]
        mesh.from_pydata(data["vertices"].tolist(), [], faces)
        mesh.shade_smooth()
        mesh.materials.append(self.skin)
        mesh.materials.append(self.eyes)
        mesh.polygons.foreach_set("material_index", np.ascontiguousarray(data["part"], np.int32))
        tint = mesh.attributes.new("tint", "FLOAT_COLOR", "POINT")
        rgba = np.concatenate([data["tint"], np.ones((len(data["tint"]), 1))], 1)
        tint.data.foreach_set("color", np.ascontiguousarray(rgba, FLOAT).ravel())
        for side, centre in enumerate(data["iris"]):
            for axis, value in zip("XYZ", centre, strict=True):
                self.switch[f"iris{side}"].inputs[axis].default_value = float(value)
        thing = bpy.data.objects.new("head", mesh)
        smooth = thing.modifiers.new("smooth", "SUBSURF")
        smooth.levels = smooth.render_levels = 1
        self.scene.collection.objects.link(thing)

    def hair(self, path: str) -> None:
        """`points` (P, 3), `sizes` (N,), of the points `radius`, `melanin`, `redness` (P,), `tint` (P, 3), of
        the strands `clump`, `rough` (N,)."""
        data = np.load(path)
        bpy = self.bpy
        self._forget("hair", bpy.data.hair_curves)
        curves = bpy.data.hair_curves.new("hair")
        if len(data["sizes"]):
            curves.add_curves(data["sizes"].tolist())
            fields = {"position": ("vector", data["points"])}
            for name, kind, where in (
                ("radius", "FLOAT", "POINT"), ("melanin", "FLOAT", "POINT"), ("redness", "FLOAT", "POINT"),
                ("tint", "FLOAT_VECTOR", "POINT"), ("clump", "FLOAT", "CURVE"), ("rough", "FLOAT", "CURVE"),
            ):  # fmt: skip
                if name not in curves.attributes:
                    curves.attributes.new(name, kind, where)
                fields[name] = ("vector" if kind == "FLOAT_VECTOR" else "value", data[name])
            for name, (what, values) in fields.items():
                curves.attributes[name].data.foreach_set(what, np.ascontiguousarray(values, FLOAT).ravel())
        curves.materials.append(self.hair_material)
        # Twice, and one stays far off: what is there once shares a tree with the lamps, which would be built
        # anew whenever a lamp moves.
        self.strands = [bpy.data.objects.new("hair", curves) for _ in range(2)]
        for thing in self.strands:
            thing.location = _AWAY
            self.scene.collection.objects.link(thing)

    def look(self, material: dict[str, float]) -> None:
        """Inputs of the hair's surface by name."""
        shaders.set_inputs(self.switch["hair"], material)

    def light(self, lamps: list[dict[str, Any]], up: list[float], dome: dict[str, float]) -> None:
        """Puts the lamps in place (`group`, `position`, `target`, `size`, `power`) and the dome upright."""
        from mathutils import Vector

        if not self.lamps:
            for lamp in lamps:
                light = self.bpy.data.lights.new(lamp["group"], "AREA")
                light.shape = "DISK"
                thing = self.bpy.data.objects.new(lamp["group"], light)
                thing.lightgroup = lamp["group"]
                self.scene.collection.objects.link(thing)
                self.lamps.append(thing)
        for thing, lamp in zip(self.lamps, lamps, strict=True):
            thing.data.size, thing.data.energy = lamp["size"], lamp["power"]
            thing.location = lamp["position"]
            way = Vector(lamp["target"]) - Vector(lamp["position"])
            thing.rotation_euler = way.to_track_quat("-Z", "Y").to_euler()
        for axis, value in zip("XYZ", up, strict=True):
            self.switch["up"].inputs[axis].default_value = value
        ramp = self.switch["ramp"].color_ramp.elements
        for element, key in zip(ramp, ("bottom", "horizon", "top"), strict=True):
            element.color = (dome[key],) * 3 + (1.0,)

    def render(
        self, what: str, camera: dict[str, Any], samples: int, seed: int, scale: int, out: str, picture: str
    ) -> dict[str, Any]:
        """One picture of what `SEEN` calls `what`; its passes go to `out`, an npz. Answers what it took.

        `picture` is where the tracer may put an OpenEXR file for a moment.
        """
        before, start = _core_seconds(), time.perf_counter()
        scene = self.scene
        place = _AWAY if what in ("bare", "soft") else _HERE
        for thing in self.strands[:1]:
            if tuple(thing.location) != place:
                thing.location = place
        self._camera(scene, camera, scale, SEEN[what])
        scene.cycles.samples = samples
        scene.cycles.seed = seed
        scene.render.filepath = picture
        with self.bpy.context.temp_override(scene=scene, view_layer=scene.view_layers[0]):
            self.bpy.ops.render.render(write_still=True, scene=scene.name)
        passes = read_exr(Path(picture))
        Path(picture).unlink()
        with open(out, "wb") as file:
            np.savez(file, **passes)
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return {
            "seconds": time.perf_counter() - start,
            "core_seconds": _core_seconds() - before,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        }

    # ---- building

    def _scene(self) -> Any:
        bpy = self.bpy
        scene = bpy.context.scene
        scene.render.engine = "CYCLES"
        tracer = scene.cycles
        tracer.device = "CPU"
        # The same number of samples everywhere, or the passes of one picture would not add up.
        tracer.use_adaptive_sampling = False
        # No denoiser: every one that is made for surfaces paints hair.
        tracer.use_denoising = False
        # White hair is white by light that has met many strands: with 4 and 10 a white bob was 14% darker,
        # and 64 make it 2% lighter still. Dark hair takes no more time for it.
        tracer.diffuse_bounces, tracer.glossy_bounces, tracer.transmission_bounces = 2, 32, 32
        tracer.transparent_max_bounces = 8
        tracer.sample_clamp_direct, tracer.sample_clamp_indirect = 4.0, 2.0
        tracer.caustics_reflective = tracer.caustics_refractive = False
        scene.cycles_curves.shape = "RIBBONS"
        scene.cycles_curves.subdivisions = 1
        scene.render.film_transparent = True
        scene.render.resolution_percentage = 100
        scene.render.use_persistent_data = True
        # Set once: a picture with other bounces or another filter than the one before would have the tree of
        # all strands built anew.
        tracer.filter_width, tracer.max_bounces = 1.2, 32
        scene.view_settings.view_transform = "Standard"
        settings = scene.render.image_settings
        settings.media_type = "MULTI_LAYER_IMAGE"
        settings.file_format = "OPEN_EXR_MULTILAYER"
        settings.color_depth, settings.exr_codec = "32", "NONE"
        layer = scene.view_layers[0]
        for aov in ("orient", "along"):
            one = layer.aovs.add()
            one.name, one.type = aov, "COLOR"
        for group in GROUPS:
            layer.lightgroups.add(name=group)
        scene.world = self._world()
        scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
        scene.collection.objects.link(scene.camera)
        return scene

    def _world(self) -> Any:
        world = self.bpy.data.worlds.new("dome")
        world.lightgroup = "dome"
        world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64
        world.use_nodes = True
        self.switch.update(shaders.dome(shaders.Nodes(world.node_tree)))
        return world

    def _material(self, name: str, surface: Callable[[shaders.Nodes], shaders.Switches]) -> Any:
        material = self.bpy.data.materials.new(name)
        material.use_nodes = True
        self.switch.update(surface(shaders.Nodes(material.node_tree)))
        return material

    def _camera(self, scene: Any, camera: dict[str, Any], scale: int, seen: int) -> None:
        """An OpenCV camera as Blender's: it looks along -z with y up, and the lens is shifted in heights."""
        from mathutils import Matrix

        width, height = camera["size"]
        scene.render.resolution_x, scene.render.resolution_y = width * scale, height * scale
        thing = scene.camera
        lens = thing.data
        lens.sensor_fit, lens.sensor_height = "VERTICAL", 36.0
        lens.lens = camera["focal"] / height * 36.0
        x, y = camera["centre"][0] + 0.5, camera["centre"][1] + 0.5
        lens.shift_x, lens.shift_y = -(x - width / 2) / height, (y - height / 2) / height
        lens.clip_start, lens.clip_end = 1.0, 10000.0
        flip = np.diag([1.0, -1.0, -1.0])
        rotation = flip @ np.array(camera["rotation"])
        place = np.eye(4)
        place[:3, :3] = rotation.T
        place[:3, 3] = -rotation.T @ flip @ np.array(camera["translation"])
        steps = np.floor(place[0, 3] / STEP)
        place[0, 3] = STEP * (steps - steps % 8 + seen)
        thing.matrix_world = Matrix(place.tolist())

    def _forget(self, name: str, where: Any) -> None:
        for thing in [one for one in self.bpy.data.objects if one.name.split(".")[0] == name]:
            self.bpy.data.objects.remove(thing)
        for data in [one for one in where if one.name.split(".")[0] == name]:
            where.remove(data)


def _core_seconds() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
