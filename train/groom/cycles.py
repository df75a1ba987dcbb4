"""The path tracer, a process of its own: `python -m train.groom.cycles`.

The only file that touches Blender's API. It reads one job a line on standard input, JSON, and answers one
line of JSON: `{"ok": true, ...}`, or `{"error": kind, "message": one line}`. Arrays travel in `.npz` files.
It ends when its standard input closes or its parent dies.

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
from pathlib import Path
from typing import Any

import numpy as np

from train.groom.lights import GROUPS
from train.groom.worker import answer_jobs, read_exr

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
_STEP = 1e-4
# Where the hair is, and where it is out of everybody's sight and light: a kilometre below, cm.
_HERE, _AWAY = (0.0, 0.0, 0.0), (0.0, 0.0, -1e5)

FLOAT = np.float32
_UNDER_SKIN = 0.6  # share of skin's light that has been under it
# How much narrower the outside of a strand throws light back than what has been inside it: healthy hair is
# smooth, and without this even straight dark hair had no band of light along the curve of the head.
_COAT = 0.45


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
        self.skin = self._skin()
        self.eyes = self._eyes()
        self.hair_material = self._hair_material()
        self.lamps: list[Any] = []

    # ---- jobs

    def device(self, kind: str) -> dict[str, Any]:
        """CPU, CUDA or OPTIX. Answers which devices are used."""
        used = ["CPU"]
        if kind != "CPU":
            preferences = self.bpy.context.preferences.addons["cycles"].preferences
            preferences.compute_device_type = kind
            preferences.get_devices()
            for one in preferences.devices:
                one.use = one.type == kind
            used = [one.name for one in preferences.devices if one.use]
            if not used:
                raise RuntimeError(f"Cycles finds no {kind} device on this machine")
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
        self._set(self.switch["hair"], material)

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
        tracer.diffuse_bounces, tracer.glossy_bounces, tracer.transmission_bounces = 2, 4, 10
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
        tracer.filter_width, tracer.max_bounces = 1.2, 10
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
        """The dome: brightness by height in the room, which stands upright in the picture."""
        world = self.bpy.data.worlds.new("dome")
        world.lightgroup = "dome"
        world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64
        world.use_nodes = True
        make = Nodes(world.node_tree)
        up = self.switch["up"] = make("ShaderNodeCombineXYZ")
        height = make("ShaderNodeVectorMath", make("ShaderNodeTexCoord").outputs["Generated"], up.outputs[0])
        height.operation = "DOT_PRODUCT"
        share = make("ShaderNodeMath", height.outputs["Value"], 0.5, 0.5)
        share.operation = "MULTIPLY_ADD"
        ramp = self.switch["ramp"] = make("ShaderNodeValToRGB", share.outputs[0])
        elements = ramp.color_ramp.elements
        elements[0].position, elements[1].position = 0.25, 0.95
        elements.new(0.5)
        background = make("ShaderNodeBackground", ramp.outputs[0])
        make("ShaderNodeOutputWorld", background.outputs[0])
        return world

    def _skin(self) -> Any:
        """Skin: light that goes a little under it, an uneven sheen, fine relief."""
        material = self.bpy.data.materials.new("skin")
        material.use_nodes = True
        make = Nodes(material.node_tree)
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
        under = make("ShaderNodeMath", self._is(make, SOFT), _UNDER_SKIN)
        under.operation = "MULTIPLY"
        make.link(under.outputs[0], surface.inputs["Subsurface Weight"])
        self._set(surface, {"Subsurface Scale": 1.0, "Specular IOR Level": 0.35})
        surface.inputs["Subsurface Radius"].default_value = (0.24, 0.09, 0.05)  # cm: red goes furthest
        make("ShaderNodeOutputMaterial", self._hidden(make, surface.outputs[0]))
        return material

    def _eyes(self) -> Any:
        """Eyes: white, iris and pupil by the distance from where each of them looks out."""
        material = self.bpy.data.materials.new("eyes")
        material.use_nodes = True
        make = Nodes(material.node_tree)
        where = make("ShaderNodeNewGeometry").outputs["Position"]
        away = []
        for side in (0, 1):
            centre = self.switch[f"iris{side}"] = make("ShaderNodeCombineXYZ")
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
        self._set(surface, {"Roughness": 0.08, "Specular IOR Level": 0.5})
        make("ShaderNodeOutputMaterial", self._hidden(make, surface.outputs[0]))
        return material

    def _hidden(self, make: Nodes, surface: Any) -> Any:
        """`surface`, or for camera rays a hole or nothing at all, as the camera says."""
        see_through = self._is(make, THROUGH)
        hidden = make("ShaderNodeMath", self._is(make, NO_HEAD), see_through)
        hidden.operation = "ADD"
        hole = make("ShaderNodeHoldout").outputs[0]
        through = make("ShaderNodeBsdfTransparent").outputs[0]
        instead = make("ShaderNodeMixShader", see_through, hole, through)
        first = make("ShaderNodeLightPath").outputs["Is Camera Ray"]
        share = make("ShaderNodeMath", first, hidden.outputs[0])
        share.operation = "MULTIPLY"
        return make("ShaderNodeMixShader", share.outputs[0], surface, instead.outputs[0]).outputs[0]

    @staticmethod
    def _is(make: Nodes, what: int) -> Any:
        """1 if the camera's place says `what`, else 0."""
        place = make("ShaderNodeVectorTransform", (0.0, 0.0, 0.0))
        place.vector_type, place.convert_from, place.convert_to = "POINT", "CAMERA", "WORLD"
        value = make("ShaderNodeSeparateXYZ", place.outputs[0]).outputs[0]
        for operation, by in (
            ("DIVIDE", _STEP),
            ("ADD", 0.5),
            ("FLOOR", 0.0),
            ("FLOORED_MODULO", 8.0),
            ("COMPARE", what),
        ):
            node = make("ShaderNodeMath", value, float(by), 0.1)
            node.operation = operation
            value = node.outputs[0]
        return value

    def _hair_material(self) -> Any:
        material = self.bpy.data.materials.new("hair")
        material.use_nodes = True
        make = Nodes(material.node_tree)
        surface = self.switch["hair"] = make("ShaderNodeBsdfHairPrincipled")
        surface.model, surface.parametrization = "CHIANG", "MELANIN"
        self._set(surface, {"Random Color": 0.0, "Random Roughness": 0.0, "IOR": 1.55, "Coat": _COAT})
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
        hidden = make("ShaderNodeMath", self._is(make, NO_HAIR), self._is(make, THROUGH))
        hidden.operation = "ADD"
        share = make("ShaderNodeMath", camera.outputs[0], hidden.outputs[0])
        share.operation = "MULTIPLY"
        hole = make("ShaderNodeHoldout").outputs[0]
        mixed = make("ShaderNodeMixShader", share.outputs[0], surface.outputs[0], hole)
        make("ShaderNodeOutputMaterial", mixed.outputs[0])
        self._direction(make)
        return material

    def _direction(self, make: Nodes) -> None:
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
        steps = np.floor(place[0, 3] / _STEP)
        place[0, 3] = _STEP * (steps - steps % 8 + seen)
        thing.matrix_world = Matrix(place.tolist())

    def _forget(self, name: str, where: Any) -> None:
        for thing in [one for one in self.bpy.data.objects if one.name.split(".")[0] == name]:
            self.bpy.data.objects.remove(thing)
        for data in [one for one in where if one.name.split(".")[0] == name]:
            where.remove(data)

    @staticmethod
    def _set(node: Any, values: dict[str, float]) -> None:
        for name, value in values.items():
            node.inputs[name].default_value = value


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


def _core_seconds() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


if __name__ == "__main__":
    answer_jobs(Studio)
