// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.RecordedSession;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

    private static final String CONFIG = """
            {"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "hostname": "box",
             "process": {"user": {"uid": 0, "gid": 0}, "args": ["true"], "cwd": "/"},
             "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
             "linux": {"cgroupsPath": "/explained", "namespaces": [{"type": "mount"}, {"type": "uts"}]}}
            """;

    @TempDir
    private Path root;

    private RecordedSession explain(String config, String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--root", root.resolve("state").toString(), "explain"));
        all.addAll(List.of(arguments));
        byte[] document = config.getBytes(StandardCharsets.UTF_8);
        byte[] path = "/bundles/b".getBytes(StandardCharsets.UTF_8);
        return RecordedSession.call(
                all,
                RecordedSession.allSystemCalls(),
                new Report.Finished(),
                new Report.Yielded(Tag.BUNDLE.ordinal(), Map.of(), List.of(document, path)),
                new Report.Finished());
    }

    @Test
    void printsTheProgramWithItsReasons() throws Exception {
        RecordedSession call = explain(CONFIG, "--bundle", "b", "c1");
        String output = call.bytes();
        assertEquals(0, call.exitCode());
        for (String expected : List.of(
                "== Container c1 ==",
                "state directory " + root + "/state/c1\n",
                "# config.json#/mounts/0: mount proc on /proc\n",
                "context = fsopen(\"proc\", FSOPEN_CLOEXEC)\n",
                "# config.json#/root/path: open the root file system /bundles/b/rootfs\n",
                "sethostname(\"box\", size=3)\n",
                "ask PREPARED: pid")) {
            assertTrue(output.contains(expected), () -> expected + " is not in " + output);
        }
    }

    @Test
    void makesNoState() throws Exception {
        explain(CONFIG);
        assertFalse(Files.exists(root.resolve("state")));
    }

    @Test
    void theContainerNeedsNoName() throws Exception {
        assertTrue(explain(CONFIG).bytes().contains("== Container example =="));
    }

    @Test
    void refusesWhatCreateRefuses() throws Exception {
        RecordedSession call =
                explain(CONFIG.replace("\"root\"", "\"hooks\": {\"poststop\": [{\"path\": \"x\"}]}, \"root\""));
        assertEquals(1, call.exitCode());
        assertTrue(call.bytes().contains("config.json#/hooks/poststop/0/path: "));
    }
}
