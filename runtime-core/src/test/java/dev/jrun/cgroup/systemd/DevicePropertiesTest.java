// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.controller.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicePropertiesTest {

    private static final String USUAL = "[[block-*, m], [char-*, m], [/dev/char/1:3, rw], [/dev/char/1:5, rw],"
            + " [/dev/char/1:7, rw], [/dev/char/1:8, rw], [/dev/char/1:9, rw], [/dev/char/5:0, rw],"
            + " [/dev/char/5:2, rw], [/dev/char/10:200, rw], [char-136, rw]]";

    /** The policy, and the last list: the one before it empties what there was. */
    private static List<String> of(String rules, int version, boolean unified) throws CgroupException {
        List<UnitProperty> properties =
                DeviceProperties.of(Limits.of("{\"devices\": " + rules + "}").devices(), version, unified);
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
        List<String> properties = of("[{\"allow\": false, \"access\": \"rwm\"}]", 252, true);
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
        String list = of(rules, 252, true).getLast();
        assertTrue(list.contains("[/dev/block/8:1, r]"), list);
        assertTrue(list.contains("[char-4, w]"), list);
    }

    @Test
    void whereAllIsAllowedSystemdRestrictsNothing() throws CgroupException {
        String rules = "[{\"allow\": true, \"access\": \"rwm\"}]";
        assertEquals(List.of("auto", "[]"), of(rules, 252, true));
        assertEquals(List.of("auto", "[]"), of(rules, 252, false));
    }

    /**
     * What systemd cannot say: on cgroup v2 its program would deny what ours allows; on cgroup v1 what it writes would
     * allow what ours denies, were it not the least.
     */
    @Test
    void whatSystemdCannotSayIsNotSaidByHalves() throws CgroupException {
        String allBut = "[{\"allow\": true, \"access\": \"rwm\"},"
                + " {\"allow\": false, \"type\": \"c\", \"major\": 4, \"minor\": 1, \"access\": \"w\"}]";
        assertEquals(List.of("auto", "[]"), of(allBut, 252, true));
        assertEquals(List.of("strict", "[]"), of(allBut, 252, false));
        String byMinor = "[{\"allow\": false, \"access\": \"rwm\"},"
                + " {\"allow\": true, \"type\": \"c\", \"minor\": 7, \"access\": \"r\"}]";
        assertEquals(List.of("auto", "[]"), of(byMinor, 252, true));
        assertEquals("strict", of(byMinor, 252, false).getFirst());
    }

    /** It would look for the device's file, and allow nothing where there is none. */
    @Test
    void anOldSystemdIsToldNothingOnCgroupV2() throws CgroupException {
        assertEquals(List.of("auto", "[]"), of("[]", 239, true));
        assertEquals("strict", of("[]", 239, false).getFirst());
    }
}
