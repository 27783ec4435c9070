// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.ConsoleListener;
import dev.jrun.cli.testing.terminal.TerminalMaster;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every process that Docker, Podman, containerd or a kubelet had executed is the same as when runc executes it. */
class CapturedProcessesIT extends RealContainers {

    private static final String LOOK_AROUND = """
            grep -E '^(Uid|Gid|Groups|Umask|Cap|NoNewPrivs|Seccomp|Sig(Blk|Cgt)|.*_list)' /proc/self/status
            tr '\\0' '\\n' < /proc/self/environ
            cat /proc/self/limits /proc/self/uid_map
            id; umask; pwd; tty; stty size; ls -l /proc/self/fd | wc -l""";

    private OciRuntime runc;

    static List<CapturedDocument> processes() {
        return CapturedDocument.processes();
    }

    @BeforeEach
    void needRunc() {
        Programs.need("runc");
        runc = sandbox.installed("runc").orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("processes")
    void isTheSame(CapturedDocument document) throws IOException {
        var asItIs = (ObjectNode) OciRuntime.json(document.text());
        if (asItIs.at("/args/0").asText().equals("sleep")) {
            asItIs.putArray("args").add("sleep").add("0");
        }
        ObjectNode looking = asItIs.deepCopy();
        looking.putArray("args").add("/bin/sh").add("-c").add(LOOK_AROUND);
        String theirs = executed(runc, document, asItIs, looking);
        assertFalse(theirs.isEmpty());
        assertEquals(theirs, executed(jrun, document, asItIs, looking));
    }

    private String executed(OciRuntime runtime, CapturedDocument document, ObjectNode... processes) throws IOException {
        // runc gives the caller's limits to a process that says nothing of them, and not the container's.
        Bundle bundle = sandbox.bundle().runs("sleep", "1000").without("/process/rlimits");
        if (document.name().contains("userns")) {
            // Root of the namespace is another user, and has to find the root file system.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            bundle.inUserNamespace();
        }
        String id = sandbox.run(runtime, bundle);
        var outputs = new StringBuilder();
        for (ObjectNode process : processes) {
            Path file = Files.writeString(directory.resolve("process.json"), process.toString());
            outputs.append(
                    process.path("terminal").asBoolean()
                            ? shown(runtime, id, file)
                            : runtime.call("exec", "--process", file.toString(), id)
                                    .succeeds()
                                    .output());
        }
        runtime.call("delete", "--force", id).succeeds();
        return outputs.toString();
    }

    private String shown(OciRuntime runtime, String id, Path process) {
        try (ConsoleListener console = ConsoleListener.at(directory.resolve("console-" + System.nanoTime()))) {
            runtime.call("exec", "--process", process.toString(), "--console-socket", console.path(), "--detach", id)
                    .succeeds();
            try (TerminalMaster terminal = console.terminal()) {
                return terminal.awaitEnd();
            }
        }
    }
}
