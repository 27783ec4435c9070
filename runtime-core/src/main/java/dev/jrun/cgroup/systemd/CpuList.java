// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Numbers of processors or memory nodes, "List format" of cpuset(7), as systemd takes them. */
final class CpuList {

    /** More than any kernel is built for. */
    private static final int MOST = 1 << 16;

    private CpuList() {}

    /** A bit for each, the lowest first; empty if the list is none: that is for the kernel to say. */
    static Optional<List<Byte>> bits(String list) {
        BitSet numbers = new BitSet();
        for (String range : list.split("[,\\s]+")) {
            String[] ends = range.split("-", -1);
            int first = number(ends[0]);
            int last = ends.length == 1 ? first : number(ends[ends.length - 1]);
            if (ends.length > 2 || first < 0 || last < first) {
                return Optional.empty();
            }
            numbers.set(first, last + 1);
        }
        List<Byte> bytes = new ArrayList<>();
        for (byte next : numbers.toByteArray()) {
            bytes.add(next);
        }
        return Optional.of(bytes);
    }

    private static int number(String word) {
        try {
            int number = Integer.parseUnsignedInt(word);
            return number < MOST ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
