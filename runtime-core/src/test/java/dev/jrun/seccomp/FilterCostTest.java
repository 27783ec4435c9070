// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.seccomp.FilterSimulator.Outcome;
import dev.jrun.seccomp.Libseccomp.Form;
import dev.jrun.spec.Seccomp;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * How many instructions filters execute for a system call, against those of libseccomp: nothing that depends on the
 * machine's speed. {@code scripts/seccomp-benchmark} shows the table that is written.
 */
class FilterCostTest {
    private static final Path TABLE = Path.of("target/seccomp-cost.md");

    /** As the clients wrote them, for x86_64, x86 and x32. */
    static final Map<String, String> PROFILES = new TreeMap<>(Map.of(
            "Docker 20.10", "docker-20.10-bridge",
            "Podman 4.3", "podman-4.3-run"));

    static final List<String> NAMES = List.copyOf(PROFILES.keySet());

    /** What the programs in containers do all the time. */
    private static final List<String> COMMON = List.of(
            "read",
            "write",
            "close",
            "openat",
            "newfstatat",
            "lseek",
            "mmap",
            "munmap",
            "brk",
            "futex",
            "epoll_wait",
            "epoll_ctl",
            "poll",
            "recvfrom",
            "sendto",
            "recvmsg",
            "sendmsg",
            "accept4",
            "socket",
            "connect",
            "ioctl",
            "fcntl",
            "rt_sigaction",
            "rt_sigprocmask",
            "clock_nanosleep",
            "getpid",
            "sched_yield",
            "getrandom",
            "clone",
            "clone3",
            "execve",
            "wait4",
            "exit_group",
            "personality",
            "statx");

    private record Cost(int own, int tree, int plain) {}

    @ParameterizedTest
    @FieldSource("NAMES")
    void noSystemCallTakesMoreThanInTheTreeOfLibseccomp(String profile) throws Exception {
        Map<String, Cost> costs = costs(profile);
        List<String> worse = new ArrayList<>();
        costs.forEach((name, cost) -> {
            if (cost.own() > cost.tree()) {
                worse.add(name + " " + cost);
            }
        });
        assertEquals(List.of(), worse);
        assertTrue(costs.keySet().containsAll(COMMON));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void aFilterIsShort(String profile) {
        int length = compile(profile).length();
        assertTrue(length < 350, () -> profile + ": " + length + " instructions");
    }

    @Test
    void writeTable() throws Exception {
        Map<String, Map<String, Cost>> costs = new TreeMap<>();
        StringBuilder table = new StringBuilder("| system call |");
        for (String profile : NAMES) {
            costs.put(profile, costs(profile));
            table.append(' ').append(profile).append(": jrun | libseccomp, tree | libseccomp, plain |");
        }
        table.append("\n|---|").append("---:|".repeat(3 * NAMES.size())).append('\n');
        for (String name : COMMON) {
            table.append("| `").append(name).append("` |");
            costs.values().forEach(all -> append(table, List.of(all.get(name)), "%.0f"));
            table.append('\n');
        }
        table.append("| mean of these |");
        costs.values()
                .forEach(all -> append(table, COMMON.stream().map(all::get).toList(), "%.1f"));
        table.append("\n| mean of all |");
        costs.values().forEach(all -> append(table, all.values(), "%.1f"));
        table.append("\n| length of the filter |");
        for (String profile : NAMES) {
            append(
                    table,
                    List.of(new Cost(
                            compile(profile).length(),
                            reference(profile, Form.TREE).length(),
                            reference(profile, Form.PLAIN).length())),
                    "%.0f");
        }
        Files.writeString(TABLE, table.append('\n'));
    }

    private static void append(StringBuilder row, Collection<Cost> costs, String format) {
        List<ToIntFunction<Cost>> columns = List.of(Cost::own, Cost::tree, Cost::plain);
        for (ToIntFunction<Cost> column : columns) {
            double mean = costs.stream().mapToInt(column).average().orElseThrow();
            row.append(' ').append(String.format(Locale.ROOT, format, mean)).append(" |");
        }
    }

    /** Of each system call of x86_64, with arguments that are 0. */
    private static Map<String, Cost> costs(String profile) throws Exception {
        FilterSimulator own = new FilterSimulator(compile(profile).instructions(), ByteOrder.LITTLE_ENDIAN);
        ReferenceFilter tree = reference(profile, Form.TREE);
        ReferenceFilter plain = reference(profile, Form.PLAIN);
        Map<String, Cost> costs = new TreeMap<>();
        for (String name : new TreeSet<>(Abi.X86_64.numbers().keySet())) {
            SystemCall call = new SystemCall(Abi.X86_64, Abi.X86_64.numbers().get(name), 0, 0, 0, 0, 0, 0);
            Outcome outcome = own.run(call);
            costs.put(
                    name,
                    new Cost(
                            outcome.instructions(),
                            tree.run(call).instructions(),
                            plain.run(call).instructions()));
        }
        return costs;
    }

    private static SeccompFilter compile(String profile) {
        return SeccompFilter.compile(Profiles.captured(PROFILES.get(profile)), Machine.X86_64)
                .value()
                .orElseThrow();
    }

    private static ReferenceFilter reference(String profile, Form form) throws Exception {
        Seccomp captured = Profiles.captured(PROFILES.get(profile));
        List<Abi> abis = captured.architectures().stream().map(Abi::of).toList();
        return new ReferenceFilter(Libseccomp.load(), captured, abis, form);
    }
}
