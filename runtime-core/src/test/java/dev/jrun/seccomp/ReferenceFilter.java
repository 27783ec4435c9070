// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.FilterSimulator.Outcome;
import dev.jrun.seccomp.Libseccomp.Form;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import dev.jrun.spec.Seccomp.Arg;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What runc makes of a profile with libseccomp: the library's filter, and before it a check for numbers that are
 * greater than those of all calls that the profile names, which it answers with ENOSYS.
 */
final class ReferenceFilter {
    private static final int ERRNO_ENOSYS = 0x0005_0026;
    private static final int X32_BIT = 1 << 30;

    private final boolean isBigEndian;
    private final FilterSimulator filter;
    private final Map<Abi, Integer> greatest = new EnumMap<>(Abi.class);

    /** The library cannot do what the profile asks for, and runc would fail. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    ReferenceFilter(Libseccomp library, Seccomp profile, List<Abi> abis, Form form) throws RefusedException {
        isBigEndian = !abis.getFirst().isLittleEndian();
        int defaultResult = result(profile.defaultAction(), profile.defaultErrnoRet());
        try (Libseccomp.Filter made = library.filter(defaultResult, abis, form)) {
            for (Seccomp.Rule rule : profile.syscalls()) {
                int result = result(rule.action(), rule.errnoRet());
                if (result == defaultResult) {
                    continue;
                }
                for (String name : rule.names()) {
                    if (library.number(name) != Libseccomp.UNKNOWN) {
                        add(made, result, name, rule.args());
                    }
                }
            }
            filter = new FilterSimulator(made.export(), isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        }
        if (isRestrictive(profile.defaultAction())) {
            for (Abi abi : abis) {
                int number = greatest(library, abi, profile);
                if (number != 0) {
                    greatest.put(abi, number);
                }
            }
        }
    }

    /** What happens to a system call. */
    int decide(SystemCall call) {
        Integer limit = greatest.get(call.abi());
        if (call.abi() == Abi.X86_64 || call.abi() == Abi.X32) {
            limit = greatest.get((call.number() & X32_BIT) == 0 ? Abi.X86_64 : Abi.X32);
        }
        return limit != null && Integer.compareUnsigned(call.number(), limit) > 0
                ? ERRNO_ENOSYS
                : run(call).result();
    }

    /** The number of instructions of the library's filter. */
    int length() {
        return filter.length();
    }

    /** What the library's filter alone does, which is cheaper than what runc loads. */
    Outcome run(SystemCall call) {
        Outcome outcome = filter.run(call);
        return isSwapped(outcome.result())
                ? new Outcome(Integer.reverseBytes(outcome.result()), outcome.instructions())
                : outcome;
    }

    /**
     * Where the library repeats a result for a jump that would be too long, in a filter for a machine with the other
     * byte order, it swaps the bytes twice. Of a result the third byte is never 0, but of those that kill a process or
     * thread.
     */
    private boolean isSwapped(int result) {
        return isBigEndian && (result & 0x00ff_0000) == 0 && result != 0x8000_0000;
    }

    private static void add(Libseccomp.Filter filter, int result, String name, List<Arg> args) throws RefusedException {
        Set<Integer> indices = new HashSet<>();
        args.forEach(arg -> indices.add(arg.index()));
        List<List<Arg>> alternatives = new ArrayList<>();
        if (indices.size() < args.size()) {
            args.forEach(arg -> alternatives.add(List.of(arg)));
        } else {
            alternatives.add(args);
        }
        for (List<Arg> conditions : alternatives) {
            int error = filter.add(result, name, conditions);
            if (error != 0) {
                throw new RefusedException("error " + error + " for " + name + " " + conditions);
            }
        }
    }

    private static int greatest(Libseccomp library, Abi abi, Seccomp profile) {
        int greatest = 0;
        for (Seccomp.Rule rule : profile.syscalls()) {
            for (String name : rule.names()) {
                int number = library.number(abi, name);
                // runc overlooks numbers of functions that are in socketcall(2) or ipc(2) too, and so would answer
                // ENOSYS
                // to calls that the profile allows.
                boolean isMultiplexed = number <= -100 && number > -300;
                greatest = Math.max(greatest, isMultiplexed ? abi.numbers().getOrDefault(name, 0) : number);
            }
        }
        return greatest;
    }

    private static boolean isRestrictive(Action action) {
        return action != Action.SCMP_ACT_ALLOW && action != Action.SCMP_ACT_LOG && action != Action.SCMP_ACT_TRACE;
    }

    /** SCMP_ACT_* of seccomp.h. */
    static int result(Action action, OptionalLong errnoRet) {
        int data = (int) errnoRet.orElse(1);
        return switch (action) {
            case SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD -> 0;
            case SCMP_ACT_KILL_PROCESS -> 0x8000_0000;
            case SCMP_ACT_TRAP -> 0x0003_0000;
            case SCMP_ACT_ERRNO -> 0x0005_0000 | data;
            case SCMP_ACT_TRACE -> 0x7ff0_0000 | data;
            case SCMP_ACT_LOG -> 0x7ffc_0000;
            case SCMP_ACT_NOTIFY -> 0x7fc0_0000;
            case SCMP_ACT_ALLOW -> 0x7fff_0000;
        };
    }
}
