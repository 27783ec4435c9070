// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a profile says about the system calls of one ABI. */
final class AbiRules {
    /** Calls that programs make so often that they are to be decided first. */
    private static final List<String> FREQUENT = List.of(
            "read",
            "write",
            "readv",
            "writev",
            "pread64",
            "pwrite64",
            "close",
            "openat",
            "open",
            "fstat",
            "newfstatat",
            "lseek",
            "mmap",
            "munmap",
            "mprotect",
            "madvise",
            "brk",
            "futex",
            "epoll_wait",
            "epoll_pwait",
            "poll",
            "ppoll",
            "recvfrom",
            "recvmsg",
            "sendto",
            "sendmsg",
            "accept4",
            "ioctl",
            "fcntl",
            "rt_sigaction",
            "rt_sigprocmask",
            "clock_gettime",
            "clock_nanosleep",
            "nanosleep",
            "getpid",
            "sched_yield",
            "getrandom");

    private static final long FREQUENT_WEIGHT = 64;
    private static final long WEIGHT = 8;
    private static final long RARE_WEIGHT = 1;

    private final Abi abi;
    private final boolean hasMultiplexers;
    private final Set<Integer> frequent;
    private final List<CallRule> applied = new ArrayList<>();
    /** For each of the applied rules the number of the call, and in the lower half its place in that list. */
    private long[] places = new long[512];

    private int greatest;

    /** @param rules those that have the result of the profile's default action change nothing, and are left out */
    AbiRules(Abi abi, List<ProfileRule> rules, int defaultResult) {
        this.abi = abi;
        this.hasMultiplexers = abi.numbers().containsKey("socketcall");
        this.frequent = frequent(abi);
        for (ProfileRule rule : rules) {
            for (String name : rule.names()) {
                add(name, rule.alternatives(), defaultResult);
            }
        }
    }

    /** The greatest number of a call that the profile names; 0 if there is none. */
    int greatestNumber() {
        return greatest;
    }

    /**
     * Adds ranges from {@code first} to the greatest number and beyond.
     *
     * @param otherwise for calls without a rule that holds
     * @param beyond for numbers that are greater than all that the profile names
     */
    void addTo(NumberRanges ranges, int first, Decisions decisions, Decision otherwise, Decision beyond) {
        ArgumentTests tests = new ArgumentTests(abi, decisions);
        Arrays.sort(places, 0, applied.size());
        int next = first;
        int place = 0;
        while (place < applied.size()) {
            int number = number(place);
            int end = place + 1;
            while (end < applied.size() && number(end) == number) {
                end++;
            }
            if (number > next) {
                ranges.add(next, otherwise, RARE_WEIGHT);
            }
            ranges.add(number, tests.of(rules(place, end), otherwise), weight(number));
            next = number + 1;
            place = end;
        }
        if (next <= greatest) {
            ranges.add(next, otherwise, RARE_WEIGHT);
            next = greatest + 1;
        }
        ranges.add(next, beyond, RARE_WEIGHT);
    }

    private void add(String name, List<CallRule> alternatives, int defaultResult) {
        Integer number = abi.numbers().get(name);
        MultiplexedCall function = hasMultiplexers ? MultiplexedCall.named(name) : null;
        if (number != null) {
            greatest = Math.max(greatest, number);
        }
        for (CallRule rule : alternatives) {
            if (rule.result() == defaultResult) {
                continue;
            }
            if (number != null) {
                apply(number, rule);
            }
            if (function != null) {
                apply(abi.numbers().get(function.multiplexer()), function.rule(rule));
            }
        }
    }

    private void apply(int number, CallRule rule) {
        if (applied.size() == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[applied.size()] = (long) number << Integer.SIZE | applied.size();
        applied.add(rule);
    }

    private int number(int place) {
        return (int) (places[place] >>> Integer.SIZE);
    }

    /** Those for one call, in the order in which they apply. */
    private List<CallRule> rules(int from, int to) {
        CallRules rules = new CallRules(abi);
        for (int place = from; place < to; place++) {
            rules.add(applied.get((int) places[place]));
        }
        return rules.inOrder();
    }

    private long weight(int number) {
        if (abi == Abi.X32) {
            // Hardly any program is made for it, and those of x86_64 share their search tree with it.
            return RARE_WEIGHT;
        }
        return frequent.contains(number) ? FREQUENT_WEIGHT : WEIGHT;
    }

    private static Set<Integer> frequent(Abi abi) {
        Set<Integer> numbers = new HashSet<>();
        for (String name : FREQUENT) {
            Integer number = abi.numbers().get(name);
            if (number != null) {
                numbers.add(number);
            }
        }
        return numbers;
    }
}
