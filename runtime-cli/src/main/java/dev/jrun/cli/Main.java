// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Engine;
import dev.jrun.engine.EngineSettings;
import java.io.IOException;

/** Starts the engine. Only the shim calls this. */
public final class Main {

    private Main() {}

    /**
     * Runs an engine, as {@code docs/launch-programs.md} has the shim ask for.
     *
     * @param arguments {@code call}: descriptor 0 is a connection to a shim that waits; {@code call-in-company}: as
     *     well, and the engine is in namespaces that it is not to keep from ending; {@code serve}: it is a listening
     *     socket or none at all
     */
    public static void main(String[] arguments) throws InterruptedException {
        // The distribution can be moved, so no argument file could say where jffi's library is.
        System.setProperty("jffi.boot.library.path", System.getProperty("jrun.home") + "/lib/native");
        var engine = new Engine(EngineSettings.ofProperties(), new Cli());
        switch (arguments.length == 1 ? arguments[0] : "") {
            case "call" -> engine.call();
            case "call-in-company" -> engine.callInCompany();
            case "serve" -> serve(engine);
            default ->
                throw new IllegalArgumentException("the engine is started by jrun: call it, or jrun engine serve");
        }
    }

    private static void serve(Engine engine) throws InterruptedException {
        try {
            engine.serve();
        } catch (IOException e) {
            System.err.println("jrun: engine serve: " + e.getMessage());
            System.exit(1);
        }
    }
}
