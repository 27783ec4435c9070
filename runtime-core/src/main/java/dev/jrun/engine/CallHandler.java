// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.program.Session;
import java.io.IOException;

/** Does what callers ask for. Calls may arrive in parallel. */
@FunctionalInterface
public interface CallHandler {

    /**
     * Understands one call. Whether its maker may have anything done is found out meanwhile, so nothing is to be done
     * yet that anybody could notice.
     *
     * @param call what is asked for
     * @return what there is to do
     */
    Task understand(Call call);

    /** What a caller asks for. */
    @FunctionalInterface
    interface Task {

        /**
         * Serves the call, up to and including the program that ends the shim.
         *
         * @param session the shim that asks; it awaits its first program
         * @param engine the engine that serves the call
         * @throws IOException if the shim is lost; anything else that is thrown is reported to the caller as an
         *     internal error
         */
        void perform(Session session, EngineControl engine) throws IOException;
    }
}
