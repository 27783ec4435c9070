// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.CpusetStatistics;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.Cpu;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Which CPUs and memory nodes a container may use: {@code cpus} and {@code mems} of {@code linux.resources.cpu}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7), for cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset">cpuset on cgroup v2</a>
 */
public final class CpusetController implements ReportingController<CpusetStatistics> {
    private static final String CPUS = "/linux/resources/cpu/cpus";
    private static final String MEMS = "/linux/resources/cpu/mems";
    private static final String CPUS_FILE = "cpuset.cpus";
    private static final String MEMS_FILE = "cpuset.mems";

    @Override
    public String name() {
        return "cpuset";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        Cpu cpu = resources.cpu();
        if (cpu.cpus().isEmpty() && cpu.mems().isEmpty()) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name(), writing);
        write(files, CPUS_FILE, cpu.cpus(), CPUS);
        write(files, MEMS_FILE, cpu.mems(), MEMS);
    }

    private static void write(ControllerFiles files, String name, Optional<String> list, String pointer)
            throws CgroupException {
        if (list.isEmpty()) {
            return;
        }
        files.write(name, list.get(), pointer, "", "../" + (files.areLegacy() ? name : name + ".effective"));
        if (!files.areLegacy()) {
            checkEffective(files, name, list.get(), pointer);
        }
    }

    /** Where cgroup v2 has none of the CPUs in a list, it takes the list and uses all others. */
    private static void checkEffective(ControllerFiles files, String name, String list, String pointer)
            throws CgroupException {
        String effective = files.read(name + ".effective", pointer);
        BitSet others = numbers(effective);
        others.andNot(numbers(list));
        if (!others.isEmpty()) {
            throw files.failure(
                    pointer, "none of \"%s\" is there; the container would have %s".formatted(list, effective));
        }
    }

    /** The numbers of a list such as {@code 0-3,7}, "List format" in cpuset(7). */
    private static BitSet numbers(String list) {
        BitSet numbers = new BitSet();
        for (String range : list.split("[, ]+")) {
            if (!range.isEmpty()) {
                String[] ends = range.split("-");
                numbers.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
            }
        }
        return numbers;
    }

    /** Of cgroup v1 alone: that of v2 has none of these flags, and runc says nothing of it. */
    @Override
    public Optional<CpusetStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, name());
        if (!files.areLegacy() || !files.have(CPUS_FILE)) {
            return Optional.empty();
        }
        return Optional.of(new CpusetStatistics(
                members(files, CPUS_FILE),
                members(files, MEMS_FILE),
                flag(files, "cpu_exclusive"),
                flag(files, "mem_hardwall"),
                flag(files, "mem_exclusive"),
                flag(files, "memory_migrate"),
                flag(files, "memory_spread_page"),
                flag(files, "memory_spread_slab"),
                flag(files, "memory_pressure"),
                flag(files, "sched_load_balance"),
                relaxDomainLevel(files)));
    }

    private static List<Integer> members(ControllerFiles files, String name) throws CgroupException {
        BitSet numbers = numbers(files.readIfPresent(name).orElse(""));
        List<Integer> members = new ArrayList<>(numbers.cardinality());
        for (int member = numbers.nextSetBit(0); member >= 0; member = numbers.nextSetBit(member + 1)) {
            members.add(member);
        }
        return members;
    }

    private static long flag(ControllerFiles files, String name) throws CgroupException {
        return files.number("cpuset." + name).orElse(0);
    }

    /** The only one that may be negative. */
    private static long relaxDomainLevel(ControllerFiles files) throws CgroupException {
        String name = "cpuset.sched_relax_domain_level";
        String text = files.readIfPresent(name).orElse("0");
        return text.startsWith("-") ? -files.parse(name, text.substring(1)) : files.parse(name, text);
    }
}
