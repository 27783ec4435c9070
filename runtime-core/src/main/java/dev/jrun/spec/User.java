// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * The ids of a process, as they are in the container's user namespace.
 *
 * @param uid 0…2³² − 2
 * @param gid 0…2³² − 2
 * @param umask of the process, 0…0777; absent: the runtime chooses
 * @param additionalGids 0…2³² − 2 each; the supplementary groups
 */
public record User(long uid, long gid, OptionalInt umask, List<Long> additionalGids) {
    /** What an absent {@code process.user} means. */
    public static final User ROOT = new User(0, 0, OptionalInt.empty(), List.of());

    public User {
        additionalGids = List.copyOf(additionalGids);
    }
}
