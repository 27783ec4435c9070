// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.HugetlbStatistics;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.HugepageLimit;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How many huge pages a container may use: {@code linux.resources.hugepageLimits}.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/hugetlb.html">hugetlb on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#hugetlb">hugetlb on cgroup v2</a>
 */
public final class HugetlbController implements LimitController {
    private static final String LIMITS = "/linux/resources/hugepageLimits/";
    /** A directory such as {@code hugepages-2048kB} for each size. */
    private static final File SIZES = new File("/sys/kernel/mm/hugepages");

    private static final String SIZE_PREFIX = "hugepages-";
    private static final String SIZE_UNIT = "kB";
    private static final int STEP = 1024;

    @Override
    public String name() {
        return "hugetlb";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        List<HugepageLimit> limits = resources.hugepageLimits();
        if (limits.isEmpty()) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name(), writing);
        String ending = files.areLegacy() ? "limit_in_bytes" : "max";
        for (int i = 0; i < limits.size(); i++) {
            String size = "hugetlb." + limits.get(i).pageSize() + ".";
            String limit = Long.toUnsignedString(limits.get(i).limit());
            files.write(size + ending, limit, LIMITS + i);
            // What is reserved and not used yet is limited apart, since Linux 5.7. Without it, who reserves more than
            // the limit learns that by SIGBUS when the pages are used.
            if (files.have(size + "rsvd." + ending)) {
                files.write(size + "rsvd." + ending, limit, LIMITS + i);
            }
        }
    }

    /**
     * What of pages of each size is used, or reserved where the kernel counts that, as runc says it.
     *
     * @return empty if the controller is not there for this cgroup, or the cgroup is gone
     */
    Map<String, HugetlbStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, name());
        Map<String, HugetlbStatistics> found = new LinkedHashMap<>();
        for (String size : pageSizes()) {
            String pages = "hugetlb." + size + ".";
            Optional<HugetlbStatistics> reserved = report(files, pages + "rsvd.");
            Optional<HugetlbStatistics> used = reserved.isPresent() ? reserved : report(files, pages);
            if (used.isPresent()) {
                found.put(size, used.get());
            }
        }
        return found;
    }

    /** As the names of the controller's files have them, smallest first. */
    private static List<String> pageSizes() {
        String[] names = SIZES.list();
        if (names == null) {
            return List.of();
        }
        SortedSet<Long> kilobytes = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith(SIZE_PREFIX) && name.endsWith(SIZE_UNIT)) {
                kilobytes.add(Long.valueOf(name.substring(SIZE_PREFIX.length(), name.length() - SIZE_UNIT.length())));
            }
        }
        List<String> sizes = new ArrayList<>();
        for (long size : kilobytes) {
            sizes.add(name(size));
        }
        return sizes;
    }

    /** As the kernel abbreviates it, mem_fmt of mm/hugetlb_cgroup.c. */
    private static String name(long kilobytes) {
        if (kilobytes >= STEP * STEP) {
            return kilobytes / (STEP * STEP) + "GB";
        }
        return kilobytes >= STEP ? kilobytes / STEP + "MB" : kilobytes + "KB";
    }

    private static Optional<HugetlbStatistics> report(ControllerFiles files, String pages) throws CgroupException {
        OptionalLong current = files.number(pages + (files.areLegacy() ? "usage_in_bytes" : "current"));
        if (current.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                files.areLegacy()
                        ? new HugetlbStatistics(
                                current.getAsLong(),
                                files.number(pages + "max_usage_in_bytes"),
                                files.number(pages + "failcnt").orElse(0))
                        : new HugetlbStatistics(
                                current.getAsLong(),
                                OptionalLong.empty(),
                                files.numbers(pages + "events").getOrDefault("max", 0L)));
    }
}
