// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

/** What a connection needs before it receives a frame of more than {@link SingleLargeFrame#SMALL} bytes. */
interface LargeFramePermit {

    /** Waits for it; false if it is not to be had. */
    boolean acquire();

    /** Leaves it to others. */
    void release();
}
