// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.RecordedSession;
import dev.jrun.kernel.Errno;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidateCommandTest {

    private static final String VALID = """
            {"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "process": {"args": ["true"], "cwd": "/"},
             "linux": {"namespaces": [{"type": "mount"}]}}
            """;

    private static final String KERNEL_MEMORY = "\"resources\": {\"memory\": {\"kernel\": 1}}, ";

    /** Three problems and two warnings. */
    private static final String INVALID = """
            {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
             "process": {"args": ["true"], "cwd": "tmp", "noNewPrivilege": true,
                         "capabilities": {"bounding": ["CAP_SYSADMIN"]}},
             "mounts": [{"destination": "/tmp", "type": "tmpfs", "options": ["nosiud"]},
                        {"destination": "data", "source": "/srv", "options": ["bind"]}],
             "linux": {"namespaces": [{"type": "netwrok"}]}}
            """;

    private static RecordedSession validate(String config, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("validate"));
        all.addAll(List.of(arguments));
        byte[] document = config.getBytes(StandardCharsets.UTF_8);
        byte[] path = "/bundles/b".getBytes(StandardCharsets.UTF_8);
        return RecordedSession.call(
                all,
                new Report.Yielded(Tag.BUNDLE.ordinal(), Map.of(), List.of(document, path)),
                new Report.Finished());
    }

    private static void assertPrints(RecordedSession call, int code, String text) {
        assertTrue(call.bytes().contains(text), call::bytes);
        assertEquals(code, call.exitCode());
    }

    @Test
    void saysThatNothingIsWrong() throws Exception {
        assertPrints(validate(VALID), 0, "config.json: no problems, no warnings\n");
        assertPrints(validate(VALID, "--format", "json"), 0, """
                {
                  "valid": true,
                  "problems": [],
                  "warnings": []
                }
                """);
    }

    @Test
    void saysEverythingThatIsWrong() throws Exception {
        assertPrints(validate(INVALID, "--bundle", "b"), 1, """
                problem: config.json#/process/cwd: found "tmp"; allowed: an absolute path
                problem: config.json#/mounts/0/options/0: found "nosiud"; unknown mount option; did you mean "nosuid"?
                problem: config.json#/linux/namespaces/0/type: found "netwrok"; allowed: pid, network, mount, ipc, uts, user, \
                cgroup, time; did you mean "network"?
                warning: config.json#/process/noNewPrivilege: unknown property, ignored; did you mean "noNewPrivileges"?
                warning: config.json#/mounts/1/destination: found "data"; a relative path is deprecated, it is taken \
                for /data
                warning: config.json#/process/capabilities/bounding/0: found "CAP_SYSADMIN"; jrun knows no such capability \
                and leaves it out; did you mean "CAP_SYS_ADMIN"?
                config.json: 3 problems, 3 warnings
                """);
    }

    @Test
    void saysItAsJson() throws Exception {
        assertPrints(validate(INVALID.replace("netwrok", "mount"), "--format=json"), 1, """
                {
                  "valid": false,
                  "problems": [
                    {
                      "pointer": "/process/cwd",
                      "found": "\\"tmp\\"",
                      "message": "allowed: an absolute path"
                    },
                    {
                      "pointer": "/mounts/0/options/0",
                      "found": "\\"nosiud\\"",
                      "message": "unknown mount option",
                      "suggestion": "nosuid"
                    }
                  ],
                """);
    }

    @Test
    void aWarningIsNoProblem() throws Exception {
        assertPrints(
                validate(VALID.replace(
                        "\"cwd\": \"/\"", "\"cwd\": \"/\", \"capabilities\": {\"bounding\": [\"CAP_SYSADMIN\"]}")),
                0,
                """
                warning: config.json#/process/capabilities/bounding/0: found "CAP_SYSADMIN"; jrun knows no such capability \
                and leaves it out; did you mean "CAP_SYS_ADMIN"?
                config.json: no problems, 1 warning
                """);
    }

    @Test
    void warningsAreSaidBesideWhatIsWrong() throws Exception {
        assertPrints(
                validate(VALID.replace(
                                "\"cwd\": \"/\"",
                                "\"cwd\": \"tmp\", \"capabilities\": {\"bounding\": [\"CAP_SYSADMIN\"]}")
                        .replace("\"linux\": {", "\"linux\": {" + KERNEL_MEMORY)),
                1,
                """
                problem: config.json#/process/cwd: found "tmp"; allowed: an absolute path
                warning: config.json#/linux/resources/memory/kernel: found 1; has no effect: no kernel since Linux 5.16 limits it apart \
                from other memory
                warning: config.json#/process/capabilities/bounding/0: found "CAP_SYSADMIN"; jrun knows no such capability \
                and leaves it out; did you mean "CAP_SYS_ADMIN"?
                config.json: 1 problem, 2 warnings
                """);
    }

    @Test
    void aBundleThatCannotBeReadIsAnError() throws Exception {
        RecordedSession call = RecordedSession.call(List.of("validate"), new Report.Failed(0, Errno.ENOENT.number()));
        assertPrints(call, 1, "jrun: bundle .: no such file or directory\n");
    }

    @Test
    void thereAreTwoFormats() throws Exception {
        assertPrints(
                RecordedSession.call(List.of("validate", "--format", "xml")),
                1,
                "jrun: invalid value for --format: found \"xml\"; allowed: text, json\n");
    }
}
