// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a container can do to an engine whose directory it was given: nothing. */
class EngineReachIT extends RealContainers {

    /** What a way into the directory is, and whether a path that goes through it leads to anything. */
    private static final String LOOK = "cd /host/jrun/engine; if [ -e %1$s ]; then echo leads somewhere;"
            + " elif [ -L %1$s ]; then echo leads nowhere; else echo is not there; fi";

    /** Looks for the engine that serves: at the file by which its callers find it. */
    private String look() {
        jrun.call("features").succeeds();
        Eventually.isTrue(
                "an engine serves", () -> jrun.call("engine", "status").code() == 0);
        Path socket = Path.of(jrun.call("engine", "status").succeeds().lines().stream()
                .filter(line -> line.startsWith("socket:"))
                .findFirst()
                .orElseThrow()
                .substring("socket:".length())
                .strip());
        assertEquals(Path.of("/run/jrun/engine"), socket.getParent());
        assertTrue(Files.isSymbolicLink(socket), socket::toString);
        assertTrue(Files.exists(socket), socket::toString);
        return LOOK.formatted(socket.getFileName());
    }

    private Bundle withRun() {
        return sandbox.bundle().with("/mounts/-", """
                {"destination": "/host", "type": "bind", "source": "/run", "options": ["rbind", "ro"]}""");
    }

    private String seen(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .succeeds()
                .output();
    }

    @Test
    void aContainerFindsNoSocketInTheDirectory() {
        assertEquals("leads nowhere\n", seen(withRun().runsScript(look())));
        sandbox.assertNothingIsLeft();
    }

    @Test
    void norOneThatSeesTheHostsProcesses() {
        assertEquals("leads nowhere\n", seen(withRun().withoutNamespace("pid").runsScript(look())));
        sandbox.assertNothingIsLeft();
    }
}
