// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Constants of ioprio_set(2) ({@code linux/ioprio.h}). */
public final class Ioprio {
    public static final long IOPRIO_WHO_PGRP = 2;
    public static final long IOPRIO_CLASS_RT = 1;
    public static final long IOPRIO_CLASS_BE = 2;
    public static final long IOPRIO_CLASS_IDLE = 3;
    /** How far a class is shifted to the left of the priority within it. */
    public static final int IOPRIO_CLASS_SHIFT = 13;

    private Ioprio() {}
}
