// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.resctrl;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.kernel.call.Failures;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container has, and uses, of caches and memory bandwidth that resctrl of the kernel's documentation (user
 * interface for resource control) shares out. What the processor cannot do is missing.
 *
 * @param cache how L3 caches can be shared out
 * @param bandwidth how memory bandwidth can
 * @param domains what was measured of each domain, of which a processor package has one or more
 */
public record ResctrlStatistics(Optional<Cache> cache, Optional<Bandwidth> bandwidth, List<Domain> domains) {

    /** Of a container that has no group of its own there. */
    public static final ResctrlStatistics NONE = new ResctrlStatistics(Optional.empty(), Optional.empty(), List.of());

    private static final String MONITORING = "mon_groups";

    public ResctrlStatistics {
        domains = List.copyOf(domains);
    }

    /**
     * Parts of L3 caches.
     *
     * @param rootSchema the line of {@code schemata} of all that has no class of its own
     * @param schema that of the container's class
     */
    public record Cache(
            String cbmMask, long minCbmBits, long numClosids, Optional<String> rootSchema, Optional<String> schema) {}

    /** Memory bandwidth, likewise. */
    public record Bandwidth(
            long bandwidthGran,
            long delayLinear,
            long minBandwidth,
            long numClosids,
            Optional<String> rootSchema,
            Optional<String> schema) {}

    /**
     * What was measured in one domain, in bytes.
     *
     * @param totalBytes memory that was read and written
     * @param localBytes of that, by the domain's own memory
     * @param occupancy how much of the L3 cache is used
     */
    public record Domain(Optional<Long> totalBytes, Optional<Long> localBytes, Optional<Long> occupancy) {}

    /**
     * Reads them.
     *
     * @param root where resctrl is mounted
     * @param own the container's groups, innermost first: one that measures it, and its class
     */
    public static ResctrlStatistics of(Path root, List<Path> own) throws CgroupException {
        if (own.isEmpty()) {
            return NONE;
        }
        return new ResctrlStatistics(
                cache(root, own.getLast()), bandwidth(root, own.getLast()), domains(own.getFirst()));
    }

    private static Optional<Cache> cache(Path root, Path group) throws CgroupException {
        Path info = root.resolve("info/L3");
        if (!Files.isDirectory(info)) {
            return Optional.empty();
        }
        return Optional.of(new Cache(
                new CgroupFile(info, "cbm_mask").readIfPresent().orElse(""),
                number(info, "min_cbm_bits").orElse(0L),
                number(info, "num_closids").orElse(0L),
                schema(root, "L3"),
                schema(ofClass(group), "L3")));
    }

    private static Optional<Bandwidth> bandwidth(Path root, Path group) throws CgroupException {
        Path info = root.resolve("info/MB");
        if (!Files.isDirectory(info)) {
            return Optional.empty();
        }
        return Optional.of(new Bandwidth(
                number(info, "bandwidth_gran").orElse(0L),
                number(info, "delay_linear").orElse(0L),
                number(info, "min_bandwidth").orElse(0L),
                number(info, "num_closids").orElse(0L),
                schema(root, "MB"),
                schema(ofClass(group), "MB")));
    }

    /** Only classes have schemata: a group that measures is in one of theirs, {@code CLASS/mon_groups/GROUP}. */
    private static Path ofClass(Path group) {
        Path above = group.getParent();
        return above.endsWith(MONITORING) ? above.getParent() : group;
    }

    private static Optional<String> schema(Path group, String resource) throws CgroupException {
        String schemata = new CgroupFile(group, "schemata").readIfPresent().orElse("");
        for (String line : schemata.split("\n")) {
            String schema = line.strip();
            if (schema.startsWith(resource)) {
                return Optional.of(schema);
            }
        }
        return Optional.empty();
    }

    private static List<Domain> domains(Path group) throws CgroupException {
        Path data = group.resolve("mon_data");
        if (!Files.isDirectory(data)) {
            return List.of();
        }
        List<Path> directories = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(data, "mon_L3_*")) {
            found.forEach(directories::add);
        } catch (IOException error) {
            throw new CgroupException("list " + data + ": " + Failures.reason(error), error);
        }
        directories.sort(null);
        List<Domain> domains = new ArrayList<>();
        for (Path directory : directories) {
            domains.add(new Domain(
                    number(directory, "mbm_total_bytes"),
                    number(directory, "mbm_local_bytes"),
                    number(directory, "llc_occupancy")));
        }
        return domains;
    }

    /** Empty also for {@code Unavailable}, which the kernel says where no processor of a domain answers. */
    private static Optional<Long> number(Path directory, String name) throws CgroupException {
        Optional<String> text = new CgroupFile(directory, name).readIfPresent();
        try {
            return text.isPresent() ? Optional.of(Long.parseUnsignedLong(text.get())) : Optional.empty();
        } catch (NumberFormatException unavailable) {
            return Optional.empty();
        }
    }
}
