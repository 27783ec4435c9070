// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The part of config.json that is about Linux only ({@code linux}).
 *
 * @param namespaces no two have the same type
 * @param devices device nodes in the container, besides the default ones
 * @param netDevices network devices to move into the container, by their names on the host
 * @param cgroupsPath a path for the cgroupfs driver, {@code slice:prefix:name} for the systemd driver
 * @param sysctl by name, with dots or slashes as separators (sysctl(8))
 * @param maskedPaths absolute paths in the container
 * @param readonlyPaths absolute paths in the container
 * @param mountLabel SELinux context of the mounts
 */
public record Linux(
        List<Namespace> namespaces,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        TimeOffsets timeOffsets,
        List<Device> devices,
        SequencedMap<String, NetDevice> netDevices,
        Optional<String> cgroupsPath,
        Resources resources,
        Optional<Propagation> rootfsPropagation,
        Optional<Seccomp> seccomp,
        SequencedMap<String, String> sysctl,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        Optional<String> mountLabel,
        Optional<Personality> personality,
        Optional<IntelRdt> intelRdt,
        Optional<MemoryPolicy> memoryPolicy) {
    /** What an absent {@code linux} means. */
    public static final Linux NONE = new Linux(
            List.of(),
            List.of(),
            List.of(),
            TimeOffsets.NONE,
            List.of(),
            Maps.empty(),
            Optional.empty(),
            Resources.NONE,
            Optional.empty(),
            Optional.empty(),
            Maps.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Linux {
        namespaces = List.copyOf(namespaces);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        devices = List.copyOf(devices);
        netDevices = Maps.copyOf(netDevices);
        sysctl = Maps.copyOf(sysctl);
        maskedPaths = List.copyOf(maskedPaths);
        readonlyPaths = List.copyOf(readonlyPaths);
    }

    /** The entry of this type, if the container is to have (or join) such a namespace. */
    public Optional<Namespace> namespace(Namespace.Type type) {
        for (Namespace namespace : namespaces) {
            if (namespace.type() == type) {
                return Optional.of(namespace);
            }
        }
        return Optional.empty();
    }

    /** Whether the container gets a new namespace of this type. */
    public boolean makes(Namespace.Type type) {
        Optional<Namespace> namespace = namespace(type);
        return namespace.isPresent() && namespace.get().isNew();
    }

    /** Whether the container joins an existing namespace of this type. */
    public boolean joins(Namespace.Type type) {
        Optional<Namespace> namespace = namespace(type);
        return namespace.isPresent() && !namespace.get().isNew();
    }

    /**
     * Offsets of the container's clocks, time_namespaces(7).
     *
     * @param monotonic of CLOCK_MONOTONIC
     * @param boottime of CLOCK_BOOTTIME
     */
    public record TimeOffsets(Optional<TimeOffset> monotonic, Optional<TimeOffset> boottime) {
        public static final TimeOffsets NONE = new TimeOffsets(Optional.empty(), Optional.empty());

        public boolean isEmpty() {
            return monotonic.isEmpty() && boottime.isEmpty();
        }
    }

    /**
     * An offset of a clock.
     *
     * @param secs seconds
     * @param nanosecs nanoseconds on top, 0…999,999,999
     */
    public record TimeOffset(long secs, long nanosecs) {}

    /**
     * A network device to move into the container.
     *
     * @param name in the container; absent: its name on the host
     */
    public record NetDevice(Optional<String> name) {}

    /**
     * Execution domain, personality(2).
     *
     * @param flags none are defined by the specification
     */
    public record Personality(Domain domain, List<String> flags) {
        public Personality {
            flags = List.copyOf(flags);
        }

        /** Domains that the specification names. */
        public enum Domain {
            LINUX,
            LINUX32
        }
    }

    /**
     * Cache and memory bandwidth control, resctrl of the kernel's documentation.
     *
     * @param closID name of the class of service: a file name, or "/" for the default class
     * @param schemata lines for the {@code schemata} file
     * @param l3CacheSchema a line for the {@code schemata} file
     * @param memBwSchema a line for the {@code schemata} file, {@code MB:…}
     * @param enableMonitoring whether the container gets a monitoring group
     */
    public record IntelRdt(
            Optional<String> closID,
            List<String> schemata,
            Optional<String> l3CacheSchema,
            Optional<String> memBwSchema,
            boolean enableMonitoring) {
        public IntelRdt {
            schemata = List.copyOf(schemata);
        }

        /**
         * All lines for the {@code schemata} file. Bandwidths in {@code l3CacheSchema} do not count, as config-linux.md
         * has it.
         */
        public List<String> allSchemata() {
            List<String> lines = new ArrayList<>();
            l3CacheSchema.ifPresent(schema ->
                    schema.lines().filter(line -> !line.startsWith("MB:")).forEach(lines::add));
            memBwSchema.ifPresent(lines::add);
            lines.addAll(schemata);
            return lines;
        }
    }

    /**
     * NUMA memory policy, set_mempolicy(2).
     *
     * @param nodes a list of nodes in the format of cpuset(7)
     */
    public record MemoryPolicy(Mode mode, Optional<String> nodes, List<Flag> flags) {
        public MemoryPolicy {
            flags = List.copyOf(flags);
        }

        /** Modes of set_mempolicy(2). */
        public enum Mode {
            MPOL_DEFAULT,
            MPOL_BIND,
            MPOL_INTERLEAVE,
            MPOL_WEIGHTED_INTERLEAVE,
            MPOL_PREFERRED,
            MPOL_PREFERRED_MANY,
            MPOL_LOCAL
        }

        /** Mode flags of set_mempolicy(2). */
        public enum Flag {
            MPOL_F_NUMA_BALANCING,
            MPOL_F_RELATIVE_NODES,
            MPOL_F_STATIC_NODES
        }
    }
}
