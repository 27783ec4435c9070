// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import dev.jrun.kernel.NewerCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which newer system calls exist. Every program is assembled for a set of them and uses no others.
 *
 * @param present those that can be made
 */
public record KernelCalls(Set<NewerCall> present) {

    /** What no older call can stand for: nothing else opens a path inside a root that others may change meanwhile. */
    private static final List<NewerCall> NEEDED = List.of(NewerCall.OPENAT2, NewerCall.STATX, NewerCall.MEMFD_CREATE);

    public KernelCalls {
        EnumSet<NewerCall> copy = EnumSet.noneOf(NewerCall.class);
        copy.addAll(present);
        present = Collections.unmodifiableSet(copy);
    }

    /** A kernel that has them all, and nothing that forbids them. */
    public static KernelCalls all() {
        return new KernelCalls(EnumSet.allOf(NewerCall.class));
    }

    /** None of them: also what a program takes for granted that is to work anywhere. */
    public static KernelCalls none() {
        return new KernelCalls(Set.of());
    }

    public boolean has(NewerCall... calls) {
        return present.containsAll(Arrays.asList(calls));
    }

    /** Why what takes these calls cannot be done, some of which are missing, to be said after it and a colon. */
    public String lack(NewerCall... calls) {
        List<NewerCall> missing = new ArrayList<>(Arrays.asList(calls));
        missing.removeAll(present);
        return "takes " + describe(missing);
    }

    /** Says of missing calls which they are, and why they may be missing. */
    public static String describe(List<NewerCall> missing) {
        List<String> names = new ArrayList<>();
        for (NewerCall call : missing) {
            names.add(call.callName() + " (Linux " + call.since() + ")");
        }
        return String.join(", ", names) + ", which this kernel does not have or a seccomp filter around jrun forbids";
    }

    /** The calls that a container cannot be made without, and that are missing. */
    public List<NewerCall> missing() {
        List<NewerCall> missing = new ArrayList<>(NEEDED);
        missing.removeAll(present);
        return missing;
    }
}
