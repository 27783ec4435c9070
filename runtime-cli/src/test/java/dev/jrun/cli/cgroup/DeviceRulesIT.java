// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Programs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code linux.resources.devices}, by the devices controller of cgroup v1 or by an eBPF program. */
class DeviceRulesIT extends RealContainers {

    /** To make devices, and to read the kernel's log. */
    private static final String CAPABILITIES = "[\"CAP_MKNOD\", \"CAP_SYSLOG\"]";

    private static final String DENIED = "cat: can't open '/made/file': Operation not permitted";

    @Test
    void withoutRulesNothingButTheDefaultDevicesIsAllowed() {
        assertEquals(
                List.of(
                        "read null",
                        "wrote null",
                        "read zero",
                        "wrote zero",
                        "read full",
                        "read random",
                        "wrote random",
                        "read urandom",
                        "wrote urandom"),
                opened("[{\"allow\": false, \"access\": \"rwm\"}]", "null", "zero", "full", "random", "urandom"));
    }

    @Test
    void aDeviceMayBeReadAndNotWritten() {
        assertEquals(List.of(), used("[{\"allow\": false, \"access\": \"rwm\"}]"));
        assertEquals(List.of("read"), used("""
                        [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 1, "minor": 11, "access": "r"}]"""));
        assertEquals(List.of("read", "wrote"), used("""
                        [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 1, "access": "rw"}]"""));
        assertEquals(List.of("read"), used("""
                        [{"allow": true, "access": "rwm"},
                         {"allow": false, "type": "c", "major": 1, "minor": 11, "access": "w"}]"""));
    }

    /** As with runc and crun: a device file alone does no harm. */
    @Test
    void deviceFilesMayBeMadeButNotOpened() {
        String script = """
                for d in 'b 7 0' 'b 8 3' 'c 7 1' 'c 10 229'; do
                    mknod /made/file $d 2> /dev/null && echo $d
                    cat /made/file 2>&1
                    rm -f /made/file
                done""";

        assertEquals(
                List.of(
                        "b 7 0", DENIED,
                        "b 8 3", DENIED,
                        "c 7 1", DENIED,
                        "c 10 229", DENIED),
                run("[{\"allow\": false, \"access\": \"rwm\"}]", script));
    }

    private List<String> opened(String rules, String... devices) {
        return run(
                rules,
                "for d in " + String.join(" ", devices)
                        + "; do head -c 1 /dev/$d > /dev/null 2>&1 && echo read $d"
                        + "; { echo -n x > /dev/$d; } 2> /dev/null && echo wrote $d; done");
    }

    /** What could be done with /dev/kmsg, which no container has by default; it is made with everything allowed. */
    private List<String> used(String rules) {
        String script =
                "{ : < /made/kmsg; } 2> /dev/null && echo read; { : >> /made/kmsg; } 2> /dev/null && echo wrote";
        Bundle bundle = bundle(rules, script);
        Programs.run("mknod", bundle.rootfs().resolve("made/kmsg").toString(), "c", "1", "11");
        return run(bundle);
    }

    private List<String> run(String rules, String script) {
        return run(bundle(rules, script));
    }

    private List<String> run(Bundle bundle) {
        return new ArrayList<>(
                jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).lines());
    }

    private Bundle bundle(String rules, String script) {
        Bundle bundle = sandbox.bundle()
                .file("made/sign", "rw-r--r--", "")
                .with("/root/readonly", "false")
                .with("/linux/resources/devices", rules)
                .runsScript(script);
        for (String set : List.of("bounding", "permitted", "effective")) {
            bundle.with("/process/capabilities/" + set, CAPABILITIES);
        }
        return bundle;
    }
}
