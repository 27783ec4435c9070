// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import jnr.ffi.LibraryLoader;

/**
 * Functions of the C library that are not system calls, for jnr-ffi to bind. Addresses are plain numbers, because that
 * needs the fewest classes of jnr-ffi on a cold start: with {@code -Djnr.ffi.asm.enabled=false} every function here is
 * bound at its own first call.
 */
public interface Libc {
    /** The library, loaded at the first use of this class and not before. */
    final class Loaded {
        static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

        private Loaded() {}
    }

    /**
     * @param unused not part of the function, which does not see it: jnr-ffi 2.3.4 on x86-64 passes a wrong sixth
     *     argument to functions with exactly six, unless its code generation is off
     */
    int posix_spawn(long pid, long path, long fileActions, long attributes, long argv, long envp, long unused);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_destroy(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    int posix_spawnattr_init(long attributes);

    int posix_spawnattr_destroy(long attributes);

    int posix_spawnattr_setflags(long attributes, short flags);

    int posix_spawnattr_setsigmask(long attributes, long set);

    int posix_spawnattr_setsigdefault(long attributes, long set);
}
