// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.CpusetStatistics;
import dev.jrun.cgroup.statistics.HugetlbStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.container.Usage;
import dev.jrun.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a container uses as JSON: the members that runc writes, in its order, and left out where it leaves them out
 * (Go's omitempty), since clients parse them.
 */
final class StatisticsDocument {

    /** What runc writes for no limit on cgroup v2. */
    private static final long UNLIMITED = -1;

    private final JsonWriter json;

    private StatisticsDocument(JsonWriter json) {
        this.json = json;
    }

    /** The event that says what a container uses, as one line. */
    static String event(String id, Usage.Counts counts) {
        JsonWriter json = JsonWriter.compact().beginObject();
        json.name("type").value("stats");
        json.name("id").value(id);
        json.name("data");
        new StatisticsDocument(json).write(counts);
        return json.endObject() + "\n";
    }

    private void write(Usage.Counts counts) {
        Statistics cgroup = counts.cgroup();
        json.beginObject();
        writeCpu(cgroup.cpu(), cgroup.pressure().cpu());
        writeCpuset(cgroup.cpuset());
        writeMemory(cgroup.memory(), cgroup.pressure().memory());
        writePids(cgroup.pids());
        writeBlkio(cgroup.blkio(), cgroup.pressure().io());
        writeHugetlb(cgroup.hugetlb());
        json.name("intel_rdt");
        new ResctrlDocument(json).write(counts.resctrl());
        // Of veth devices that runc itself has made, which no config.json can ask for.
        json.name("network_interfaces").nothing();
        json.endObject();
    }

    private void writeCpu(Optional<CpuStatistics> found, Optional<Pressure> pressure) {
        json.name("cpu").beginObject();
        json.name("usage").beginObject();
        if (found.isPresent()) {
            CpuStatistics cpu = found.get();
            unlessZero("total", cpu.total());
            writeProcessors(cpu.processors());
        }
        json.name("kernel").value(found.isPresent() ? found.get().kernel() : 0);
        json.name("user").value(found.isPresent() ? found.get().user() : 0);
        json.endObject();
        json.name("throttling").beginObject();
        if (found.isPresent() && found.get().throttling().isPresent()) {
            CpuStatistics.Throttling throttling = found.get().throttling().get();
            unlessZero("periods", throttling.periods());
            unlessZero("throttledPeriods", throttling.throttledPeriods());
            unlessZero("throttledTime", throttling.throttledTime());
        }
        json.endObject();
        writePressure(pressure);
        json.endObject();
    }

    private void writeProcessors(List<CpuStatistics.Processor> processors) {
        if (processors.isEmpty()) {
            return;
        }
        json.name("percpu").beginArray();
        for (CpuStatistics.Processor processor : processors) {
            number(processor.total());
        }
        json.endArray();
        json.name("percpu_kernel").beginArray();
        for (CpuStatistics.Processor processor : processors) {
            number(processor.kernel());
        }
        json.endArray();
        json.name("percpu_user").beginArray();
        for (CpuStatistics.Processor processor : processors) {
            number(processor.user());
        }
        json.endArray();
    }

    private void writeCpuset(Optional<CpusetStatistics> found) {
        json.name("cpuset").beginObject();
        if (found.isPresent()) {
            members("cpus", found.get().cpus());
        }
        json.name("cpu_exclusive").value(found.isPresent() ? found.get().cpuExclusive() : 0);
        if (found.isPresent()) {
            members("mems", found.get().mems());
        }
        json.name("mem_hardwall").value(found.isPresent() ? found.get().memHardwall() : 0);
        json.name("mem_exclusive").value(found.isPresent() ? found.get().memExclusive() : 0);
        json.name("memory_migrate").value(found.isPresent() ? found.get().memoryMigrate() : 0);
        json.name("memory_spread_page").value(found.isPresent() ? found.get().memorySpreadPage() : 0);
        json.name("memory_spread_slab").value(found.isPresent() ? found.get().memorySpreadSlab() : 0);
        json.name("memory_pressure").value(found.isPresent() ? found.get().memoryPressure() : 0);
        json.name("sched_load_balance").value(found.isPresent() ? found.get().schedLoadBalance() : 0);
        json.name("sched_relax_domain_level")
                .value(found.isPresent() ? found.get().schedRelaxDomainLevel() : 0);
        json.endObject();
    }

    private void members(String name, List<Integer> members) {
        if (members.isEmpty()) {
            return;
        }
        json.name(name).beginArray();
        for (int member : members) {
            json.value(member);
        }
        json.endArray();
    }

    private void writeMemory(Optional<MemoryStatistics> found, Optional<Pressure> pressure) {
        json.name("memory").beginObject();
        if (found.isPresent()) {
            writeMemory(found.get());
        } else {
            for (String kind : List.of("usage", "swap", "kernel", "kernelTCP")) {
                writeAmount(kind, Optional.empty());
            }
        }
        writePressure(pressure);
        json.endObject();
    }

    private void writeMemory(MemoryStatistics memory) {
        unlessZero("cache", memory.cache());
        writeAmount("usage", Optional.of(memory.usage()));
        writeAmount("swap", memory.withSwap());
        writeAmount("kernel", memory.kernel());
        writeAmount("kernelTCP", memory.kernelTcp());
        if (!memory.raw().isEmpty()) {
            json.name("raw").beginObject();
            // In order, as Go writes a map.
            for (Map.Entry<String, Long> line : new TreeMap<>(memory.raw()).entrySet()) {
                json.name(line.getKey());
                number(line.getValue());
            }
            json.endObject();
        }
    }

    private void writeAmount(String kind, Optional<Amount> found) {
        json.name(kind).beginObject();
        json.name("limit");
        number(found.isPresent() ? found.get().limit().orElse(UNLIMITED) : 0);
        if (found.isPresent()) {
            unlessZero("usage", found.get().current());
            unlessZero("max", found.get().peak().orElse(0));
        }
        json.name("failcnt");
        number(found.isPresent() ? found.get().failures().orElse(0) : 0);
        json.endObject();
    }

    private void writePids(Optional<PidsStatistics> found) {
        json.name("pids").beginObject();
        if (found.isPresent()) {
            unlessZero("current", found.get().current());
            unlessZero("limit", found.get().limit().orElse(0));
        }
        json.endObject();
    }

    private void writeBlkio(Optional<BlkioStatistics> found, Optional<Pressure> pressure) {
        json.name("blkio").beginObject();
        if (found.isPresent()) {
            BlkioStatistics blkio = found.get();
            entries("ioServiceBytesRecursive", blkio.bytes());
            entries("ioServicedRecursive", blkio.operations());
            entries("ioQueueRecursive", blkio.scheduling().queued());
            entries("ioServiceTimeRecursive", blkio.scheduling().serviceTime());
            entries("ioWaitTimeRecursive", blkio.scheduling().waitTime());
            entries("ioMergedRecursive", blkio.scheduling().merged());
            entries("ioTimeRecursive", blkio.scheduling().time());
            entries("sectorsRecursive", blkio.scheduling().sectors());
        }
        writePressure(pressure);
        json.endObject();
    }

    private void entries(String name, List<BlkioStatistics.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        json.name(name).beginArray();
        for (BlkioStatistics.Entry entry : entries) {
            json.beginObject();
            unlessZero("major", entry.major());
            unlessZero("minor", entry.minor());
            if (!entry.operation().isEmpty()) {
                json.name("op").value(entry.operation());
            }
            unlessZero("value", entry.value());
            json.endObject();
        }
        json.endArray();
    }

    private void writeHugetlb(Map<String, HugetlbStatistics> sizes) {
        json.name("hugetlb").beginObject();
        for (Map.Entry<String, HugetlbStatistics> size : new TreeMap<>(sizes).entrySet()) {
            json.name(size.getKey()).beginObject();
            unlessZero("usage", size.getValue().current());
            unlessZero("max", size.getValue().peak().orElse(0));
            json.name("failcnt");
            number(size.getValue().failures());
            json.endObject();
        }
        json.endObject();
    }

    private void writePressure(Optional<Pressure> found) {
        if (found.isEmpty()) {
            return;
        }
        json.name("psi").beginObject();
        writeStall("some", Optional.of(found.get().some()));
        writeStall("full", found.get().full());
        json.endObject();
    }

    private void writeStall(String kind, Optional<Pressure.Stall> stall) {
        json.name(kind).beginObject();
        json.name("avg10").number(fraction(stall.isPresent() ? stall.get().average10() : 0));
        json.name("avg60").number(fraction(stall.isPresent() ? stall.get().average60() : 0));
        json.name("avg300").number(fraction(stall.isPresent() ? stall.get().average300() : 0));
        json.name("total");
        number(stall.isPresent() ? stall.get().total() : 0);
        json.endObject();
    }

    /** At most two decimals, and none that say nothing, as Go writes what the kernel says. */
    private static String fraction(double percent) {
        String text = Double.toString(percent);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private void unlessZero(String name, long number) {
        if (number != 0) {
            json.name(name);
            number(number);
        }
    }

    /** The kernel's numbers have no sign. */
    private void number(long number) {
        json.number(Long.toUnsignedString(number));
    }
}
