// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with real containers, after each of which nothing may be left of them on the host. */
public abstract class RealContainers {

    @TempDir
    protected Path directory;

    protected Sandbox sandbox;
    protected OciRuntime jrun;

    @BeforeAll
    static void needContainers() {
        Programs.needContainers();
    }

    @BeforeEach
    void openSandbox() {
        sandbox = new Sandbox(directory, view());
        jrun = sandbox.jrun();
    }

    @AfterEach
    void nothingIsLeft() {
        sandbox.close();
    }

    /** How the runtimes see the host. */
    protected HostView view() {
        return new HostView.AsIs();
    }
}
