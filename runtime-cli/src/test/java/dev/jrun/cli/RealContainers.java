// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with real containers, after each of which nothing may be left of them on the host. */
abstract class RealContainers {

    @TempDir
    Path directory;

    Sandbox sandbox;
    OciRuntime jrun;

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
    HostView view() {
        return new HostView.AsIs();
    }
}
