// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.controller.Limits;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicePropertiesTest {

    private static final String USUAL = "[[block-*, m], [char-*, m], [/dev/char/1:3, rw], [/dev/char/1:5, rw],"
            + " [/dev/char/1:7, rw], [/dev/char/1:8, rw], [/dev/char/1:9, rw], [/dev/char/5:0, rw],"
            + " [/dev/char/5:2, rw], [/dev/char/10:200, rw], [char-136, rw]]";

    private static List<String> unified(String rules, int version) throws CgroupException {
        return inBrief(DeviceProperties.ofUnified(devices(rules), version));
    }

    private static List<String> legacy(String rules) throws CgroupException {
        return inBrief(DeviceProperties.ofLegacy(devices(rules)));
    }

    private static List<DeviceRule> devices(String rules) {
        return Limits.of("{\"devices\": " + rules + "}").devices();
    }

    /** The policy, and the last list: the one before it empties what there was. */
    private static List<String> inBrief(List<UnitProperty> properties) {
        assertEquals(
                "DeviceAllow=[]",
                properties.get(1).name() + "=" + properties.get(1).value());
        return List.of(
                properties.getFirst().value().toString(),
                properties.getLast().value().toString());
    }

    private static String sorted(String list) {
        return List.of(list.substring(2, list.length() - 2).split("\\], \\[")).stream()
                .sorted()
                .toList()
                .toString();
    }

    /** What every container may use is allowed, and no more. */
    @Test
    void withoutRulesOnlyTheUsualDevicesAreAllowed() throws CgroupException {
        List<String> properties = unified("[{\"allow\": false, \"access\": \"rwm\"}]", 252);
        assertEquals("strict", properties.getFirst());
        assertTrue(properties.getLast().contains("[/dev/char/1:3, rw"), properties.getLast());
        assertTrue(properties.getLast().contains("[char-136, rw"), properties.getLast());
        assertTrue(properties.getLast().contains("[block-*, m]"), properties.getLast());
        assertEquals(
                sorted(USUAL).split("\\], \\[").length,
                sorted(properties.getLast()).split("\\], \\[").length);
    }

    @Test
    void aDeviceThatIsAllowedIsInTheList() throws CgroupException {
        String rules = "[{\"allow\": false, \"access\": \"rwm\"},"
                + " {\"allow\": true, \"type\": \"b\", \"major\": 8, \"minor\": 1, \"access\": \"r\"},"
                + " {\"allow\": true, \"type\": \"c\", \"major\": 4, \"access\": \"w\"}]";
        String list = unified(rules, 252).getLast();
        assertTrue(list.contains("[/dev/block/8:1, r]"), list);
        assertTrue(list.contains("[char-4, w]"), list);
    }

    @Test
    void whereAllIsAllowedSystemdRestrictsNothing() throws CgroupException {
        String rules = "[{\"allow\": true, \"access\": \"rwm\"}]";
        assertEquals(List.of("auto", "[]"), unified(rules, 252));
        assertEquals(List.of("auto", "[]"), legacy(rules));
    }

    /**
     * What systemd cannot say: on cgroup v2 its program would deny what ours allows; on cgroup v1 what it writes would
     * allow what ours denies, were it not the least.
     */
    @Test
    void whatSystemdCannotSayIsNotSaidByHalves() throws CgroupException {
        String allBut = "[{\"allow\": true, \"access\": \"rwm\"},"
                + " {\"allow\": false, \"type\": \"c\", \"major\": 4, \"minor\": 1, \"access\": \"w\"}]";
        assertEquals(List.of("auto", "[]"), unified(allBut, 252));
        assertEquals(List.of("strict", "[]"), legacy(allBut));
        String byMinor = "[{\"allow\": false, \"access\": \"rwm\"},"
                + " {\"allow\": true, \"type\": \"c\", \"minor\": 7, \"access\": \"r\"}]";
        assertEquals(List.of("auto", "[]"), unified(byMinor, 252));
        assertEquals("strict", legacy(byMinor).getFirst());
    }

    /** It would look for the device's file, and allow nothing where there is none. */
    @Test
    void anOldSystemdIsToldNothingOnCgroupV2() throws CgroupException {
        assertEquals(List.of("auto", "[]"), unified("[]", 239));
        assertEquals("strict", legacy("[]").getFirst());
    }
}
