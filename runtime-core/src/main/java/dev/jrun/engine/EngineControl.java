// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.util.Optional;

/** What a call may know about the engine that serves it, and do to it. */
public interface EngineControl {

    /** The running engine; empty if this call was the reason to start it, so that none was running. */
    Optional<EngineStatus> status();

    /**
     * Has the engine accept no further call and end when those in progress have ended, this one among them. An engine
     * that this call has started ends with it.
     */
    void stop();
}
