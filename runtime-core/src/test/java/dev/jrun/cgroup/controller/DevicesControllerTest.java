// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.device.DevicePolicyTest;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a process in the cgroup can open, against the kernel; the same on cgroup v1 and v2. */
public abstract class DevicesControllerTest {
    /**
     * Opened for reading and then for writing. /dev/kmsg is c 1:11, which no default allows; opening it does nothing.
     */
    private static final String PROBE = """
            for device in null zero kmsg; do
                for mode in r w; do
                    if [ $mode = r ]; then (: < /dev/$device) 2>/dev/null; else (: > /dev/$device) 2>/dev/null; fi \
                        && echo "$device $mode"
                done
            done
            mknod %1$s c 1 3 2>/dev/null && echo mknod && rm %1$s
            echo end
            """;

    public final KernelCgroups kernel;

    public DevicesControllerTest(KernelCgroups kernel) {
        this.kernel = kernel;
    }

    @AfterEach
    void cleanUp() throws IOException {
        kernel.close();
    }

    public static Resources resources(DeviceRule... rules) {
        return new Resources(
                List.of(rules),
                Resources.NONE.memory(),
                Resources.NONE.cpu(),
                Resources.NONE.pidsLimit(),
                Resources.NONE.blockIO(),
                Resources.NONE.hugepageLimits(),
                Resources.NONE.network(),
                Resources.NONE.rdma(),
                Resources.NONE.unified());
    }

    /** What a new process there can do. */
    List<String> possible(Cgroup cgroup) throws IOException {
        String node = "/tmp" + kernel.parent() + "-node";
        Process process = kernel.run(cgroup.paths().all(), "set +e\n" + PROBE.formatted(node));
        return KernelCgroups.output(process)
                .lines()
                .takeWhile(line -> !line.equals("end"))
                .collect(Collectors.toList());
    }

    @Test
    void withoutRulesOnlyTheDefaultDevicesCanBeOpened() throws IOException {
        Cgroup cgroup = kernel.create("c");
        new DevicesController().apply(cgroup, resources());

        assertEquals(List.of("null r", "null w", "zero r", "zero w", "mknod"), possible(cgroup));
    }

    @Test
    void aRuleAddsADevice() throws IOException {
        Cgroup cgroup = kernel.create("c");
        new DevicesController()
                .apply(cgroup, resources(DevicePolicyTest.deny("a"), DevicePolicyTest.allow("c 1:11 r")));

        assertEquals(List.of("null r", "null w", "zero r", "zero w", "kmsg r", "mknod"), possible(cgroup));
    }

    @Test
    void aRuleTakesADeviceAway() throws IOException {
        Cgroup cgroup = kernel.create("c");
        new DevicesController()
                .apply(cgroup, resources(DevicePolicyTest.allow("a"), DevicePolicyTest.deny("c 1:11 w")));

        assertEquals(List.of("null r", "null w", "zero r", "zero w", "kmsg r", "mknod"), possible(cgroup));
    }

    @Test
    void rulesCanBeReplacedInAnyOrderAndAgain() throws IOException {
        Cgroup cgroup = kernel.create("c");
        DevicesController devices = new DevicesController();
        List<String> all = List.of("null r", "null w", "zero r", "zero w", "kmsg r", "kmsg w", "mknod");
        List<String> defaults = List.of("null r", "null w", "zero r", "zero w", "mknod");

        devices.apply(cgroup, resources(DevicePolicyTest.allow("c 1:* rwm")));
        assertEquals(all, possible(cgroup));
        devices.apply(cgroup, resources());
        assertEquals(defaults, possible(cgroup));
        devices.apply(cgroup, resources());
        assertEquals(defaults, possible(cgroup));
        devices.apply(cgroup, resources(DevicePolicyTest.allow("a")));
        assertEquals(all, possible(cgroup));
        devices.apply(cgroup, resources(DevicePolicyTest.allow("a"), DevicePolicyTest.deny("c 1:11 rw")));
        assertEquals(defaults, possible(cgroup));
        devices.apply(cgroup, resources(DevicePolicyTest.allow("a")));
        assertEquals(all, possible(cgroup));
        devices.apply(cgroup, resources());
        assertEquals(defaults, possible(cgroup));
    }

    private static final List<String> DEFAULTS = List.of("null r", "null w", "zero r", "zero w", "mknod");
    private static final List<String> ALL =
            List.of("null r", "null w", "zero r", "zero w", "kmsg r", "kmsg w", "mknod");

    /** Each change, that back, and both kept. */
    @Test
    void rulesAreChangedAndPutBack() throws IOException {
        assertChanges(List.of(), List.of(DevicePolicyTest.allow("c 1:11 rw")), DEFAULTS, ALL);
        assertChanges(
                List.of(DevicePolicyTest.allow("c 1:* rw")), List.of(DevicePolicyTest.deny("c 1:* rw")), ALL, DEFAULTS);
        assertChanges(List.of(), List.of(DevicePolicyTest.allow("a")), DEFAULTS, ALL);
        assertChanges(
                List.of(DevicePolicyTest.allow("a"), DevicePolicyTest.deny("c 1:11 rw")),
                List.of(DevicePolicyTest.allow("c 1:11 rw")),
                DEFAULTS,
                ALL);
        assertChanges(
                List.of(DevicePolicyTest.allow("a"), DevicePolicyTest.deny("c 1:11 rw")),
                List.of(DevicePolicyTest.deny("a"), DevicePolicyTest.allow("c 1:11 rw")),
                DEFAULTS,
                ALL);
        assertChanges(List.of(DevicePolicyTest.allow("a")), List.of(DevicePolicyTest.deny("a")), ALL, DEFAULTS);
    }

    /** Somebody has changed them by hand, or nobody knows what they were. */
    @Test
    void whatIsAskedForHoldsWhateverWasKnown() throws IOException {
        assertHolds(List.of(DevicePolicyTest.allow("c 1:11 rw")), List.of(), "deny c 1:11 rw", ALL, DEFAULTS);
        assertHolds(List.of(), List.of(DevicePolicyTest.allow("c 1:11 rw")), "allow c 1:11 rw", DEFAULTS, ALL);
        assertHolds(List.of(DevicePolicyTest.allow("a")), List.of(), "deny a", ALL, DEFAULTS);
        assertHolds(List.of(), List.of(DevicePolicyTest.allow("a")), "allow a", DEFAULTS, ALL);
        List<DeviceRule> allButOne = List.of(DevicePolicyTest.allow("a"), DevicePolicyTest.deny("c 1:11 rw"));
        List<DeviceRule> all = List.of(DevicePolicyTest.allow("a"));
        assertHolds(all, allButOne, "deny c 1:11 rw", ALL, DEFAULTS);
        assertHolds(allButOne, all, "allow c 1:11 rw", DEFAULTS, ALL);
        assertHolds(allButOne, all, "allow a", DEFAULTS, ALL);
    }

    private void assertHolds(
            List<DeviceRule> had, List<DeviceRule> known, String rule, List<String> before, List<String> after)
            throws IOException {
        Cgroup cgroup = kernel.create("c" + System.nanoTime());
        DevicesController devices = new DevicesController();
        devices.apply(cgroup, resources(had.toArray(DeviceRule[]::new)));
        assertEquals(before, possible(cgroup));
        int space = rule.indexOf(' ');
        String what = rule.substring(space + 1);
        DeviceRule asked = rule.startsWith("allow") ? DevicePolicyTest.allow(what) : DevicePolicyTest.deny(what);
        var writing = new RevocableWriting();
        new Controllers()
                .update(
                        cgroup,
                        resources(),
                        Optional.of(DeviceChange.of(DevicePolicy.of(known), List.of(asked), 0)),
                        writing);
        writing.keep();
        assertEquals(after, possible(cgroup), rule);
    }

    private void assertChanges(List<DeviceRule> had, List<DeviceRule> rules, List<String> before, List<String> after)
            throws IOException {
        Cgroup cgroup = kernel.create("c" + System.nanoTime());
        DevicesController devices = new DevicesController();
        devices.apply(cgroup, resources(had.toArray(DeviceRule[]::new)));
        assertEquals(before, possible(cgroup));
        DeviceChange change = DeviceChange.of(DevicePolicy.of(had), rules, 0);

        var tried = new RevocableWriting();
        devices.update(cgroup, change, tried);
        assertEquals(after, possible(cgroup));
        assertEquals(Optional.empty(), tried.takeBack());
        assertEquals(before, possible(cgroup));

        var kept = new RevocableWriting();
        devices.update(cgroup, change, kept);
        kept.keep();
        assertEquals(after, possible(cgroup));

        var back = new RevocableWriting();
        devices.update(cgroup, DeviceChange.of(change.after(), change.before().asRules(), 0), back);
        back.keep();
        assertEquals(before, possible(cgroup));
    }

    /** A process that opens such a device again and again never fails, while others come and go. */
    @Test
    void whatMayBeUsedBeforeAndAfterwardsMayBeUsedMeanwhile() throws IOException {
        Cgroup cgroup = kernel.create("c");
        DevicesController devices = new DevicesController();
        devices.apply(cgroup, resources());
        DevicePolicy without = DevicePolicy.of(List.of());
        DeviceChange letIn = DeviceChange.of(without, List.of(DevicePolicyTest.allow("c 1:11 rw")), 0);
        DeviceChange denied = DeviceChange.of(letIn.after(), List.of(DevicePolicyTest.deny("c 1:11 rw")), 0);
        Process opening = kernel.run(
                cgroup.paths().all(),
                "echo opening; while [ ! -e /tmp" + kernel.parent()
                        + "-stop ]; do : < /dev/zero || exit 7; done; echo never");
        try {
            for (int i = 0; i < 200; i++) {
                var writing = new RevocableWriting();
                devices.update(cgroup, i % 2 == 0 ? letIn : denied, writing);
                writing.keep();
            }
        } finally {
            Path stop = Files.createFile(Path.of("/tmp" + kernel.parent() + "-stop"));
            List<String> output = KernelCgroups.output(opening).lines().toList();
            Files.delete(stop);
            assertEquals("never", output.getLast(), output::toString);
        }
    }

    @Test
    void manyRulesAreTaken() throws IOException {
        Cgroup cgroup = kernel.create("c");
        DeviceRule[] rules = new DeviceRule[500];
        for (int index = 0; index < rules.length; index++) {
            rules[index] = DevicePolicyTest.allow("b " + index / 7 + ":" + index + " rw");
        }
        new DevicesController().apply(cgroup, resources(rules));

        assertTrue(possible(cgroup).contains("null r"));
    }
}
