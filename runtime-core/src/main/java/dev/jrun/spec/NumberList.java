// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.BitSet;
import java.util.Optional;

/**
 * A list of CPUs or memory nodes: numbers and ranges with commas between them, such as {@code 0-3,7}; "List format" of
 * cpuset(7).
 */
public final class NumberList {

    /** One more than the largest number: the most CPUs that a kernel is built for, CONFIG_NR_CPUS. */
    private static final int LIMIT = 8192;

    private final BitSet numbers;

    private NumberList(BitSet numbers) {
        this.numbers = numbers;
    }

    /**
     * The numbers of a list that has been {@linkplain #parse read} before.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static NumberList of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no list of numbers: " + text));
    }

    /**
     * Reads a list. As in runc, spaces around its elements and empty elements do not matter.
     *
     * @return empty if it is none, has no number, one above 8191, or a range whose end is below its start
     */
    public static Optional<NumberList> parse(String text) {
        BitSet numbers = new BitSet();
        for (String part : text.split(",")) {
            String element = part.strip();
            if (!element.isEmpty() && !add(element, numbers)) {
                return Optional.empty();
            }
        }
        return numbers.isEmpty() ? Optional.empty() : Optional.of(new NumberList(numbers));
    }

    private static boolean add(String element, BitSet numbers) {
        int dash = element.indexOf('-');
        int first = number(dash < 0 ? element : element.substring(0, dash));
        int last = dash < 0 ? first : number(element.substring(dash + 1));
        if (first < 0 || last < first) {
            return false;
        }
        numbers.set(first, last + 1);
        return true;
    }

    /** −1 if it is none. */
    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number < LIMIT ? number : -1;
    }

    /** The numbers as the kernel's bit masks have them: bit n of word n / 64. */
    public long[] words() {
        return numbers.toLongArray();
    }
}
