// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

/** What a program's report is about; the tag of {@code Yielded} is the ordinal. */
public enum Tag {
    /** The bundle was read: its config.json, and its path without symbolic links. */
    BUNDLE,
    /** Init lives and has its file systems; the engine is to record it and to answer. */
    PREPARED,
    /**
     * Init's end of the socket is closed: by execve(2), or by init's end; the engine is to find out which, and to
     * answer.
     */
    EXECUTED,
    /** The container is created, or was started detached. */
    DONE,
    /** Init's executable runs. */
    STARTED,
    /** Init ended; the engine is to clean up and to answer. */
    ENDED,
    /** Init ended, and the shim has removed the container. */
    REMOVED,
    /** An instruction of init failed. */
    INIT_FAILED,
    /** Init ended before it was complete. */
    INIT_LOST,
    /** An instruction of the shim failed; init, if there was one, is gone. */
    SHIM_FAILED,
    /** The start socket was closed: by execve(2), or by init's end. */
    START_CLOSED,
    /** The process to be signalled is held; the engine is to make sure of it and to answer. */
    HELD,
    /** A hook failed that is run outside of a launch. */
    HOOK_FAILED,
    /** Addresses of a network device. */
    ADDRESSES,
    /** Which newer system calls there are. */
    KERNEL,
    /** A piece of what a command of the host has printed. */
    PRINTED,
    /** The document that a call names was read: that of a process that is to be executed, or of new limits. */
    DOCUMENT,
    /**
     * Another process is in a container, and waits; the engine is to put it where it cannot go itself, and to answer.
     */
    ADDED,
    /** Such a document is open, and can be read only once. */
    STREAM,
    /** A process holds the place of the container's first one, in a unit that the engine is to have made. */
    PLACE_HELD;

    private static final Tag[] ALL = values();

    public static Tag of(int number) {
        return ALL[number];
    }
}
