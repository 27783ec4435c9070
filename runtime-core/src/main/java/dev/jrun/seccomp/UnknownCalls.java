// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names in a profile that no architecture has a system call of. A filter leaves them out, as runc does. */
public final class UnknownCalls {

    private UnknownCalls() {}

    /** A problem for each. */
    public static List<Problem> in(Seccomp profile) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < profile.syscalls().size(); i++) {
            List<String> names = profile.syscalls().get(i).names();
            for (int j = 0; j < names.size(); j++) {
                if (!isKnown(names.get(j))) {
                    problems.add(new Problem(
                            "/linux/seccomp/syscalls/" + i + "/names/" + j,
                            '"' + names.get(j) + '"',
                            "no such system call is known",
                            Optional.empty()));
                }
            }
        }
        return problems;
    }

    /** Whether some architecture has it. */
    static boolean isKnown(String name) {
        for (Abi abi : Abi.values()) {
            if (abi.numbers().containsKey(name)) {
                return true;
            }
        }
        return false;
    }
}
