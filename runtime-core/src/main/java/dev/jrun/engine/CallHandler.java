// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.program.Session;
import java.io.IOException;

/** Does what a caller asks for. Calls may come in parallel. */
@FunctionalInterface
public interface CallHandler {

    /**
     * Serves one call, up to and including the program that ends the shim.
     *
     * @param call what is asked for
     * @param session the shim that asks; it awaits its first program
     * @param engine the engine that serves the call
     * @throws IOException if the shim is lost; anything else that is thrown is reported to the caller as an internal
     *     error
     */
    void handle(Call call, Session session, EngineControl engine) throws IOException;
}
