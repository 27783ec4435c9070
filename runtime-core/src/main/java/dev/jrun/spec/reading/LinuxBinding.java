// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Device;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Linux.IntelRdt;
import dev.jrun.spec.Linux.MemoryPolicy;
import dev.jrun.spec.Linux.NetDevice;
import dev.jrun.spec.Linux.Personality;
import dev.jrun.spec.Linux.TimeOffset;
import dev.jrun.spec.Linux.TimeOffsets;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Propagation;
import dev.jrun.spec.Range;
import dev.jrun.spec.Resources;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** Makes {@link Linux} of JSON: config-linux.md. */
final class LinuxBinding {
    private static final Range ID_COUNT = new Range(1, Range.UINT32.max());
    /** UID_GID_MAP_MAX_EXTENTS of include/linux/user_namespace.h. */
    private static final int MAX_ID_RANGES = 340;

    private static final Range NANOSECONDS = new Range(0, 999_999_999);
    /** Bits of major and minor numbers in the kernel: MINORBITS of include/linux/kdev_t.h. */
    private static final Range MAJOR = new Range(0, (1 << 12) - 1);

    private static final Range MINOR = new Range(0, (1 << 20) - 1);
    private static final List<String> CLOCKS = List.of("monotonic", "boottime");
    private static final int PERMISSIONS = 07777;

    private static final Names<Namespace.Type> NAMESPACES = Names.of(Namespace.Type.values(), Namespace.Type::specName);
    private static final Names<Propagation> PROPAGATIONS = Names.of(Propagation.values(), Propagation::specName);
    private static final Names<Device.Type> DEVICE_TYPES =
            Names.of(Device.Type.values(), Device.Type::specName).and("u", Device.Type.CHARACTER);
    private static final Names<Personality.Domain> DOMAINS = Names.of(Personality.Domain.values());
    private static final Names<MemoryPolicy.Mode> MEMORY_MODES = Names.of(MemoryPolicy.Mode.values());
    private static final Names<MemoryPolicy.Flag> MEMORY_FLAGS = Names.of(MemoryPolicy.Flag.values());

    private LinuxBinding() {}

    static Linux linux(Members json) {
        return new Linux(
                namespaces(json),
                idMappings("uidMappings", json),
                idMappings("gidMappings", json),
                timeOffsets(json),
                json.objects("devices", LinuxBinding::device),
                json.objectMap("netDevices", LinuxBinding::netDevice),
                json.string("cgroupsPath"),
                json.object("resources", ResourcesBinding::resources).orElse(Resources.NONE),
                json.oneOf("rootfsPropagation", PROPAGATIONS),
                json.object("seccomp", SeccompBinding::seccomp),
                json.stringMap("sysctl"),
                maskedPaths(json),
                paths("readonlyPaths", json),
                json.string("mountLabel"),
                json.object("personality", LinuxBinding::personality),
                json.object("intelRdt", LinuxBinding::intelRdt),
                json.object("memoryPolicy", LinuxBinding::memoryPolicy));
    }

    private static List<Namespace> namespaces(Members json) {
        List<Namespace> namespaces = json.objects("namespaces", LinuxBinding::namespace);
        json.checkDistinct(
                "namespaces", namespaces, namespace -> namespace.type().specName());
        return namespaces;
    }

    private static Namespace namespace(Members json) {
        return new Namespace(json.requiredOneOf("type", NAMESPACES), json.string("path", Syntax.ABSOLUTE_PATH));
    }

    /** Ranges as user_namespaces(7) has them: not too many, and no id in two of them on either side. */
    private static List<IdMapping> idMappings(String name, Members json) {
        List<IdMapping> mappings = json.objects(name, LinuxBinding::idMapping);
        if (mappings.size() > MAX_ID_RANGES) {
            json.problem(
                    json.at(name), mappings.size() + " ranges", "allowed: at most " + MAX_ID_RANGES, Optional.empty());
            return mappings;
        }
        for (int i = 0; i < mappings.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (mappings.get(i).overlaps(mappings.get(j))) {
                    json.problem(
                            json.at(name).element(i),
                            "",
                            "allowed: ranges that do not overlap; this one overlaps element " + j,
                            Optional.empty());
                }
            }
        }
        return mappings;
    }

    static IdMapping idMapping(Members json) {
        return new IdMapping(
                json.requiredNumber("containerID", Range.UINT32),
                json.requiredNumber("hostID", Range.UINT32),
                json.requiredNumber("size", ID_COUNT));
    }

    private static TimeOffsets timeOffsets(Members json) {
        SequencedMap<String, TimeOffset> offsets = json.objectMap("timeOffsets", LinuxBinding::timeOffset);
        for (String clock : offsets.keySet()) {
            if (!CLOCKS.contains(clock)) {
                json.problem(
                        json.at("timeOffsets").member(clock),
                        "",
                        "allowed: the clocks " + String.join(", ", CLOCKS),
                        Spelling.nearest(clock, CLOCKS));
            }
        }
        return new TimeOffsets(
                Optional.ofNullable(offsets.get("monotonic")), Optional.ofNullable(offsets.get("boottime")));
    }

    private static TimeOffset timeOffset(Members json) {
        return new TimeOffset(
                json.number("secs", Range.INT64).orElse(0),
                json.number("nanosecs", NANOSECONDS).orElse(0));
    }

    private static Device device(Members json) {
        Device.Type type = json.requiredOneOf("type", DEVICE_TYPES);
        String path = ContainerPath.absolute(json.requiredString("path", Syntax.ABSOLUTE_FILE));
        boolean fifo = type == Device.Type.FIFO;
        return new Device(
                type,
                path,
                fifo ? 0 : json.requiredNumber("major", MAJOR),
                fifo ? 0 : json.requiredNumber("minor", MINOR),
                permissions(json),
                json.number("uid", Range.ID),
                json.number("gid", Range.ID));
    }

    private static OptionalInt permissions(Members json) {
        OptionalLong mode = json.number("fileMode", Range.UINT32);
        return mode.isPresent() ? OptionalInt.of((int) mode.getAsLong() & PERMISSIONS) : OptionalInt.empty();
    }

    private static NetDevice netDevice(Members json) {
        return new NetDevice(json.string("name", Syntax.INTERFACE_NAME));
    }

    private static List<String> maskedPaths(Members json) {
        List<String> paths = paths("maskedPaths", json);
        for (int i = 0; i < paths.size(); i++) {
            if (!paths.get(i).isEmpty()
                    && ContainerPath.components(paths.get(i)).isEmpty()) {
                json.problem(
                        json.at("maskedPaths").element(i),
                        Json.quoted(paths.get(i)),
                        "not allowed: the root file system itself cannot be masked");
            }
        }
        return paths;
    }

    /**
     * What protects is not refused for how it is written: a relative path has one meaning alone, which it has with
     * other runtimes, too, and an empty one names nothing.
     */
    private static List<String> paths(String name, Members json) {
        List<String> paths = json.strings(name);
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            if (!Syntax.ABSOLUTE_PATH.allows(path)) {
                json.warning(
                        json.at(name).element(i),
                        Json.quoted(path),
                        path.isEmpty()
                                ? "empty, ignored"
                                : "should be an absolute path, it is taken for " + ContainerPath.absolute(path),
                        Optional.empty());
            }
        }
        return paths;
    }

    private static Personality personality(Members json) {
        Personality personality = new Personality(json.requiredOneOf("domain", DOMAINS), json.strings("flags"));
        if (!personality.flags().isEmpty()) {
            json.warning("flags", "no flags are defined, ignored");
        }
        return personality;
    }

    private static IntelRdt intelRdt(Members json) {
        return new IntelRdt(
                json.string("closID", Syntax.CLASS_OF_SERVICE),
                json.strings("schemata"),
                json.string("l3CacheSchema"),
                json.string("memBwSchema", Syntax.MEMORY_BANDWIDTH),
                json.flag("enableMonitoring"));
    }

    /** set_mempolicy(2) says which modes take nodes, and which flags exclude each other. */
    private static MemoryPolicy memoryPolicy(Members json) {
        MemoryPolicy policy = new MemoryPolicy(
                json.requiredOneOf("mode", MEMORY_MODES),
                json.string("nodes", Syntax.NUMBER_LIST),
                json.eachOneOf("flags", MEMORY_FLAGS));
        if (json.failed()) {
            return policy;
        }
        switch (policy.mode()) {
            case MPOL_DEFAULT, MPOL_LOCAL -> {
                if (policy.nodes().isPresent()) {
                    json.problem("nodes", "allowed: none with " + policy.mode());
                }
                if (pinsNodes(policy)) {
                    json.problem(
                            "flags", "allowed: neither MPOL_F_STATIC_NODES nor MPOL_F_RELATIVE_NODES without nodes");
                }
            }
            case MPOL_BIND, MPOL_INTERLEAVE, MPOL_WEIGHTED_INTERLEAVE, MPOL_PREFERRED_MANY -> {
                if (policy.nodes().isEmpty()) {
                    json.problem(
                            "nodes", "required: %s with %s".formatted(Syntax.NUMBER_LIST.allowed(), policy.mode()));
                }
            }
            case MPOL_PREFERRED -> {
                if (policy.nodes().isEmpty() && pinsNodes(policy)) {
                    json.problem(
                            "flags", "allowed: neither MPOL_F_STATIC_NODES nor MPOL_F_RELATIVE_NODES without nodes");
                }
            }
        }
        if (policy.flags()
                .containsAll(List.of(MemoryPolicy.Flag.MPOL_F_STATIC_NODES, MemoryPolicy.Flag.MPOL_F_RELATIVE_NODES))) {
            json.problem("flags", "allowed: one of MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES");
        }
        return policy;
    }

    private static boolean pinsNodes(MemoryPolicy policy) {
        return policy.flags().contains(MemoryPolicy.Flag.MPOL_F_STATIC_NODES)
                || policy.flags().contains(MemoryPolicy.Flag.MPOL_F_RELATIVE_NODES);
    }
}
