// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

public class DevicePolicyTest {
    private static final String DEFAULTS =
            "b *:* m;c *:* m;c 1:3 rwm;c 1:5 rwm;c 1:7 rwm;c 1:8 rwm;c 1:9 rwm;c 5:0 rwm;c 5:2 rwm;c 10:200 rwm;c 136:* rwm";

    public static DeviceRule allow(String rule) {
        return rule(true, rule);
    }

    public static DeviceRule deny(String rule) {
        return rule(false, rule);
    }

    /** @param rule as the files of cgroup v1 have it: {@code c 1:* rw}; {@code a} alone for all */
    static DeviceRule rule(boolean allow, String rule) {
        if (rule.equals("a")) {
            return new DeviceRule(allow, Type.ALL, OptionalLong.empty(), OptionalLong.empty(), "rwm");
        }
        String[] fields = rule.split("[ :]");
        return new DeviceRule(
                allow,
                fields[0].equals("b") ? Type.BLOCK : Type.CHARACTER,
                number(fields[1]),
                number(fields[2]),
                fields[3]);
    }

    private static OptionalLong number(String text) {
        return text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /** In the form in which devices.list shows it. */
    private static String list(DeviceRule... rules) throws CgroupException {
        return DevicePolicy.of(List.of(rules)).exceptions().entrySet().stream()
                .map(exception ->
                        exception.getKey() + " " + exception.getValue().access())
                .collect(Collectors.joining(";"));
    }

    private static boolean allows(DevicePolicy policy, DeviceType type, long major, long minor, String access) {
        return allows(policy, new DeviceNumbers(type, major, minor), DeviceAccess.of(access));
    }

    /** The decision of the devices controller of cgroup v1 ({@code security/device_cgroup.c} of Linux). */
    static boolean allows(DevicePolicy policy, DeviceNumbers device, DeviceAccess access) {
        return policy.exceptions().entrySet().stream()
                        .filter(exception -> exception.getKey().contain(device))
                        .map(exception -> exception.getValue().access())
                        .anyMatch(excepted ->
                                policy.allowsByDefault() ? excepted.overlaps(access) : excepted.contains(access))
                != policy.allowsByDefault();
    }

    @Test
    void withoutRulesOnlyTheDefaultDevicesAreAllowed() throws CgroupException {
        assertEquals(DEFAULTS, list());
        assertEquals(DEFAULTS, list(deny("a")));
        assertFalse(DevicePolicy.of(List.of()).allowsByDefault());
    }

    @Test
    void aRuleForAllAllowsEverythingWhateverItsNumbersAre() throws CgroupException {
        assertTrue(DevicePolicy.of(List.of(allow("a"))).allowsEverything());
        assertTrue(DevicePolicy.of(List.of(new DeviceRule(true, Type.ALL, OptionalLong.of(1), OptionalLong.of(3), "r")))
                .allowsEverything());
    }

    @Test
    void aRuleForAllForgetsWhatWasBeforeIt() throws CgroupException {
        assertEquals(DEFAULTS, list(allow("c 7:7 r"), deny("a")));
    }

    @Test
    void laterRulesAddAndSubtract() throws CgroupException {
        assertTrue(list(allow("b 8:0 r"), allow("b 8:0 w")).contains("b 8:0 rw;"));
        assertTrue(list(allow("b 8:0 rw"), deny("b 8:0 r")).contains("b 8:0 w;"));
        assertEquals(DEFAULTS, list(allow("b 8:0 rw"), deny("b 8:0 rwm")));
    }

    @Test
    void theDefaultsCannotBeTakenAway() throws CgroupException {
        assertEquals(DEFAULTS, list(allow("c 1:3 r"), deny("c 1:3 r")));
        assertEquals("b 8:* w", list(allow("a"), deny("b 8:* w"), deny("c 1:3 rwm")));
    }

    @Test
    void aRuleThatAnotherIncludesIsLeftOut() throws CgroupException {
        assertEquals("b *:* m;c *:* rwm", list(allow("c *:* rwm"), allow("c 5:* r")));
        assertFalse(list(allow("b 8:1 m")).contains("8:1"));
        assertTrue(list(allow("b 8:1 r")).contains("b 8:1 r"));
    }

    @Test
    void anExceptionFromAnExceptionIsRefused() {
        CgroupException own =
                assertThrows(CgroupException.class, () -> DevicePolicy.of(List.of(allow("c 1:* rw"), deny("c 1:3 w"))));
        assertTrue(
                own.getMessage()
                        .startsWith("config.json#/linux/resources/devices/1: devices controller: "
                                + "cannot deny c 1:3 w after allow c 1:* rw"),
                own.getMessage());

        CgroupException byDefault =
                assertThrows(CgroupException.class, () -> DevicePolicy.of(List.of(allow("a"), deny("c 1:* rwm"))));
        assertEquals("/linux/resources/devices/1", byDefault.pointer());
        assertTrue(byDefault.getMessage().contains("allowed in every container"), byDefault.getMessage());
    }

    @Test
    void aWiderRuleTakesBackWhatNarrowerOnesBeforeItGave() throws CgroupException {
        assertEquals(DEFAULTS, list(allow("c 4:1 r"), deny("c 4:* rwm")));
        assertEquals(DEFAULTS, list(allow("c 4:1 r"), deny("c *:1 rwm")));
        assertEquals(
                DEFAULTS,
                list(deny("a"), allow("b 8:0 rwm"), allow("c 10:229 rwm"), deny("b *:* rwm"), deny("c 10:* rwm")));
        assertTrue(list(allow("b 8:0 rw"), deny("b 8:* w")).contains("b 8:0 r;"));
        assertTrue(list(allow("b 8:0 rw"), deny("c 8:* rw")).contains("b 8:0 rw;"));
        assertEquals("", list(allow("a"), deny("b 8:0 rwm"), allow("b *:* rwm")));
    }

    @Test
    void theDefaultsAllowNoMoreThanTheyNameWhereTheDocumentForbids() throws CgroupException {
        assertEquals("c 10:11 rwm;c 136:5 w", list(allow("a"), deny("c 10:11 rwm"), deny("c 136:5 w")));
    }

    @Test
    void aPartOfAnExceptionForOtherDevicesAsWellIsRefused() {
        CgroupException refused =
                assertThrows(CgroupException.class, () -> DevicePolicy.of(List.of(allow("b *:1 rw"), deny("b 8:* w"))));
        assertTrue(
                refused.getMessage()
                        .startsWith("config.json#/linux/resources/devices/1: devices controller: "
                                + "cannot deny b 8:* w after allow b *:1 rw"),
                refused.getMessage());
    }

    @Test
    void moreRulesThanAnyProgramCanHaveAreRefused() throws CgroupException {
        List<DeviceRule> most = Collections.nCopies(DevicePolicy.MOST_RULES, allow("b 8:0 r"));
        assertTrue(DevicePolicy.of(most).exceptions().size() > 1);

        List<DeviceRule> more = Collections.nCopies(DevicePolicy.MOST_RULES + 1, allow("b 8:0 r"));
        CgroupException refused = assertThrows(CgroupException.class, () -> DevicePolicy.of(more));
        assertEquals(
                "config.json#/linux/resources/devices: devices controller: found 4097 rules; allowed: at most 4096",
                refused.getMessage());
    }

    @Test
    void numbersThatTheKernelDoesNotHaveAreRefused() {
        for (long number : new long[] {-2, 0xffff_ffffL, 1L << 32}) {
            CgroupException refused = assertThrows(
                    CgroupException.class,
                    () -> DevicePolicy.of(List.of(
                            deny("a"),
                            new DeviceRule(true, Type.CHARACTER, OptionalLong.of(1), OptionalLong.of(number), "r"))));
            assertEquals("/linux/resources/devices/1/minor", refused.pointer());
        }
    }

    @Test
    void oneExceptionMustAllowAllThatIsWanted() throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(List.of(allow("b 8:0 r"), allow("b 8:* w")));

        assertTrue(allows(policy, DeviceType.BLOCK, 8, 0, "r"));
        assertTrue(allows(policy, DeviceType.BLOCK, 8, 0, "w"));
        assertFalse(allows(policy, DeviceType.BLOCK, 8, 0, "rw"));
        assertFalse(allows(policy, DeviceType.CHARACTER, 8, 0, "r"));
    }

    @Test
    void oneForbiddenAccessRefusesAllThatIsWanted() throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(List.of(allow("a"), deny("b 8:0 w")));

        assertTrue(allows(policy, DeviceType.BLOCK, 8, 0, "r"));
        assertFalse(allows(policy, DeviceType.BLOCK, 8, 0, "rw"));
        assertTrue(allows(policy, DeviceType.BLOCK, 8, 1, "rw"));
    }

    private static String changed(List<DeviceRule> had, DeviceRule... rules) throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(had).and(List.of(rules), 0);
        assertEquals(policy.asRules(), DevicePolicy.of(policy.asRules()).asRules());
        return (policy.allowsByDefault() ? "all but " : "")
                + policy.exceptions().entrySet().stream()
                        .map(exception ->
                                exception.getKey() + " " + exception.getValue().access())
                        .collect(Collectors.joining(";"));
    }

    @Test
    void moreRulesChangeWhatTheOnesBeforeHaveLeft() throws CgroupException {
        List<DeviceRule> fuse = List.of(deny("a"), allow("c 10:229 rw"));
        String withFuse = DEFAULTS.replace("c 10:200 rwm;", "c 10:200 rwm;c 10:229 rw;");
        assertEquals(withFuse, changed(fuse));
        assertEquals(withFuse, changed(fuse, allow("c 10:229 r")));
        assertEquals(withFuse.replace("c 1:9 rwm;", "c 1:9 rwm;c 1:11 r;"), changed(fuse, allow("c 1:11 r")));
        assertEquals(withFuse.replace("c 10:229 rw;", "c 10:229 r;"), changed(fuse, deny("c 10:229 w")));
        assertEquals(DEFAULTS, changed(fuse, deny("c 10:229 rwm")));
        assertEquals(DEFAULTS, changed(fuse, deny("a")));
        assertEquals("all but ", changed(fuse, allow("a")));
        assertEquals("all but c 1:11 w", changed(fuse, allow("a"), deny("c 1:11 w")));
        assertEquals("all but ", changed(List.of(allow("a"), deny("c 1:11 w")), allow("c 1:11 w")));
    }

    /** Every container has them. */
    @Test
    void noRuleTakesTheDefaultsAway() throws CgroupException {
        assertEquals(DEFAULTS, changed(List.of(), deny("c 1:3 rwm"), deny("c *:* rwm"), deny("b *:* rwm")));
    }

    @Test
    void aChangeThatChangesNothingIsNone() throws CgroupException {
        DevicePolicy had = DevicePolicy.of(List.of(deny("a"), allow("c 10:229 rwm"), allow("c 10:* rw")));
        assertTrue(DeviceChange.of(had, List.of(), 0).changesNothingKnown());
        assertTrue(DeviceChange.of(had, List.of(allow("c 10:229 rw"), allow("c 1:3 rwm")), 0)
                .changesNothingKnown());
        assertFalse(DeviceChange.of(had, List.of(allow("c 1:11 r")), 0).changesNothingKnown());
        assertTrue(DeviceChange.of(DevicePolicy.of(List.of(allow("a"))), List.of(allow("a")), 0)
                .changesNothingKnown());
    }

    @Test
    void anErrorPointsToTheRuleInItsDocument() {
        CgroupException error = assertThrows(
                CgroupException.class,
                () -> DeviceChange.of(
                        DevicePolicy.of(List.of(deny("a"), allow("c 10:* rw"))), List.of(deny("c 10:229 r")), 1));
        assertEquals("/linux/resources/devices/1", error.pointer());
    }
}
