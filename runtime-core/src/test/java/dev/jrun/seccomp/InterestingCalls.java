// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Arg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The system calls on which filters of a profile could differ: every number, and around each operand the arguments that
 * are on one side of it or the other, in the upper word, the lower word and both.
 */
final class InterestingCalls {
    private static final int NUMBERS = 640;
    private static final int MOST_COMBINATIONS = 400;
    private static final int ARGUMENTS = 6;

    private final Random random;
    private final Map<String, List<SortedSet<Long>>> values = new TreeMap<>();
    private final List<SortedSet<Long>> allValues = emptySets();

    InterestingCalls(Seccomp profile, long seed) {
        random = new Random(seed);
        for (Seccomp.Rule rule : profile.syscalls()) {
            for (Arg arg : rule.args()) {
                for (String name : rule.names()) {
                    addAround(values.computeIfAbsent(name, key -> emptySets()).get(arg.index()), arg);
                }
                addAround(allValues.get(arg.index()), arg);
            }
        }
        for (long function = 0; function <= 25; function++) {
            allValues.getFirst().add(function);
        }
    }

    void forEach(Abi abi, Consumer<SystemCall> consumer) {
        Map<Integer, List<SortedSet<Long>>> conditioned = new TreeMap<>();
        values.forEach((name, sets) -> {
            Integer number = abi.numbers().get(name);
            if (number != null) {
                conditioned.put(number, sets);
            }
        });
        for (String multiplexer : List.of("socketcall", "ipc")) {
            Integer number = abi.numbers().get(multiplexer);
            if (number != null) {
                conditioned.put(number, allValues);
            }
        }
        SortedSet<Integer> numbers = numbers(abi);
        numbers.addAll(conditioned.keySet());
        for (int number : numbers) {
            List<SortedSet<Long>> sets = conditioned.get(number);
            if (sets == null) {
                consumer.accept(new SystemCall(abi, number, 0, 0, 0, 0, 0, 0));
            } else {
                combine(abi, number, sets, consumer);
            }
        }
    }

    private static SortedSet<Integer> numbers(Abi abi) {
        SortedSet<Integer> numbers = new TreeSet<>(abi.numbers().values());
        int base = numbers.first() & ~1023;
        for (int number = 0; number < NUMBERS; number++) {
            numbers.add(number);
            numbers.add(base + number);
        }
        for (int start : List.of(1 << 30, 1 << 31, 3 << 30)) {
            for (int number = -2; number < NUMBERS; number++) {
                numbers.add(start + number);
            }
        }
        for (int number = -NUMBERS; number < 0; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    private void combine(Abi abi, int number, List<SortedSet<Long>> sets, Consumer<SystemCall> consumer) {
        List<List<Long>> choices = new ArrayList<>();
        long combinations = 1;
        for (SortedSet<Long> set : sets) {
            List<Long> choice = new ArrayList<>(set);
            choice.add(0L);
            choices.add(choice);
            combinations = Math.min(combinations * choice.size(), Integer.MAX_VALUE);
        }
        for (int combination = 0; combination < Math.min(combinations, MOST_COMBINATIONS); combination++) {
            long[] arguments = new long[ARGUMENTS];
            int rest = combination;
            for (int index = 0; index < ARGUMENTS; index++) {
                List<Long> choice = choices.get(index);
                boolean all = combinations <= MOST_COMBINATIONS;
                arguments[index] = choice.get(all ? rest % choice.size() : random.nextInt(choice.size()));
                rest /= choice.size();
            }
            consumer.accept(new SystemCall(abi, number, arguments));
        }
    }

    private static void addAround(SortedSet<Long> set, Arg arg) {
        for (long value : new long[] {arg.value(), arg.valueTwo(), arg.value() & arg.valueTwo(), ~arg.value()}) {
            for (long near : new long[] {value - 1, value, value + 1}) {
                set.add(near);
                set.add(near & 0xffff_ffffL);
                set.add(near | 1L << 32);
                set.add(near + (1L << 32));
                set.add(near - (1L << 32));
                set.add(near << 32);
            }
        }
        set.add(-1L);
        set.add(0L);
    }

    private static List<SortedSet<Long>> emptySets() {
        List<SortedSet<Long>> sets = new ArrayList<>();
        for (int index = 0; index < ARGUMENTS; index++) {
            sets.add(new TreeSet<>());
        }
        return sets;
    }
}
