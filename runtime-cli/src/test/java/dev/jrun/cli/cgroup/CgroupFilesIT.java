// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.ControlFiles;
import dev.jrun.cli.testing.host.Disks;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files of a container's cgroups have the same values as those of a container that runc or crun has made of the
 * same document.
 */
class CgroupFilesIT extends RealContainers {

    private OciRuntime other(String name) {
        Programs.need(name);
        Programs.skipUnless(
                !name.equals("crun") || HostView.isUnifiedOnly(), "crun makes no containers on hybrid cgroups");
        return sandbox.installed(name).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void withoutLimits(String other) {
        assertAreTheSame(other(other), "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void withLimitsOfMemory(String other) {
        assertAreTheSame(
                other(other), "{\"memory\": {\"limit\": 67108864, \"reservation\": 33554432, \"swap\": 134217728}}");
        assertAreTheSame(other(other), "{\"memory\": {\"limit\": 67108864, \"checkBeforeUpdate\": true}}");
    }

    @Test
    void withLimitsOfMemoryThatVersion2DoesNotHave() {
        Programs.skipUnless(!HostView.isUnifiedOnly(), "there is no cgroup v1");
        assertAreTheSame(other("runc"), "{\"memory\": {\"limit\": 67108864, \"swappiness\": 7, \"kernelTCP\": 0}}");
        assertAreTheSame(
                other("runc"),
                "{\"memory\": {\"limit\": 67108864, \"disableOOMKiller\": true, \"useHierarchy\": true}}");
        assertAreTheSame(other("runc"), "{\"memory\": {\"limit\": 67108864, \"kernel\": 33554432}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void withLimitsOfProcessorsAndProcesses(String other) {
        assertAreTheSame(
                other(other),
                "{\"cpu\": {\"shares\": 512, \"quota\": 20000, \"period\": 50000, \"cpus\": \"0\", \"mems\": \"0\"},"
                        + " \"pids\": {\"limit\": 77}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void withLimitsOfDisks(String other) throws IOException {
        String[] numbers = Disks.any().split(":");
        String device = "{\"major\": " + numbers[0] + ", \"minor\": " + numbers[1] + ", \"rate\": ";
        assertAreTheSame(
                other(other),
                "{\"blockIO\": {\"throttleReadBpsDevice\": [" + device + "1048576}],"
                        + " \"throttleWriteBpsDevice\": [" + device + "2097152}],"
                        + " \"throttleReadIOPSDevice\": [" + device + "100}],"
                        + " \"throttleWriteIOPSDevice\": [" + device + "200}]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void withRawValues(String other) {
        Programs.skipUnless(HostView.isUnifiedOnly(), "there is cgroup v1");
        assertAreTheSame(
                other(other),
                "{\"unified\": {\"memory.high\": \"33554432\", \"cpu.max\": \"20000 50000\", \"pids.max\": \"7\"}}");
    }

    /** Which crun refuses on cgroup v2. */
    @Test
    void withZerosForWhatIsNotSet() {
        assertAreTheSame(
                other("runc"),
                "{\"memory\": {\"limit\": 0, \"kernel\": 0, \"kernelTCP\": 0, \"disableOOMKiller\": false},"
                        + " \"cpu\": {\"shares\": 0, \"quota\": 0, \"period\": 0, \"realtimeRuntime\": 0,"
                        + " \"realtimePeriod\": 0}, \"blockIO\": {\"weight\": 0, \"leafWeight\": 0},"
                        + " \"network\": {\"classID\": 0}}");
    }

    private void assertAreTheSame(OciRuntime other, String resources) {
        ControlFiles.assertAreTheSame(filesOf(other, resources), filesOf(jrun, resources), resources);
    }

    private Map<String, String> filesOf(OciRuntime runtime, String resources) {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle()
                .runs("sleep", "1000")
                // crun knows later ones only since it has been later itself.
                .with("/ociVersion", "\"1.0.2\"")
                .with("/linux/resources", resources)
                .with("/linux/cgroupsPath", "\"/" + id + '"');
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        Map<String, String> files = ControlFiles.of(view(), id);
        runtime.call("delete", "--force", id).succeeds();
        return files;
    }
}
