// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeviceProgramTest {
    private static final String[] ACCESSES = {"r", "w", "m", "rw", "rm", "wm", "rwm"};
    private static final long[] NUMBERS = {0, 1, 2, 3, 5, 136, 200, 0x7fff_ffffL, 0x8000_0000L, DeviceNumbers.MAXIMUM};

    /** Of the program for {@code struct bpf_cgroup_dev_ctx}. */
    static boolean decides(byte[] program, DeviceType type, long major, long minor, int access) {
        return new BpfSimulator(program).run(access << 16 | type.number(), (int) major, (int) minor) != 0;
    }

    private static void assertDecidesLike(DevicePolicy policy) {
        byte[] program = DeviceProgram.of(policy);
        for (DeviceType type : DeviceType.values()) {
            for (long major : NUMBERS) {
                for (long minor : NUMBERS) {
                    for (int access = 0; access <= 7; access++) {
                        DeviceNumbers device = new DeviceNumbers(type, major, minor);
                        assertEquals(
                                DevicePolicyTest.allows(policy, device, new DeviceAccess(access)),
                                decides(program, type, major, minor, access),
                                () -> device + " by " + policy);
                    }
                }
            }
        }
    }

    /** The kernel's way: rules one after the other, none left out. */
    private static boolean allowsWithoutMinimising(List<DeviceRule> rules, DeviceNumbers device, DeviceAccess access)
            throws CgroupException {
        boolean allowsByDefault = false;
        SortedMap<DeviceNumbers, DeviceAccess> exceptions = new TreeMap<>();
        for (DeviceRule rule : rules) {
            if (rule.type() == Type.ALL) {
                allowsByDefault = rule.allow();
                exceptions.clear();
                continue;
            }
            DeviceNumbers numbers = new DeviceNumbers(
                    rule.type() == Type.BLOCK ? DeviceType.BLOCK : DeviceType.CHARACTER,
                    rule.major().orElse(DeviceNumbers.ANY),
                    rule.minor().orElse(DeviceNumbers.ANY));
            DeviceAccess before = exceptions.getOrDefault(numbers, new DeviceAccess(0));
            DeviceAccess changed = DeviceAccess.of(rule.access());
            exceptions.put(numbers, rule.allow() == allowsByDefault ? before.minus(changed) : before.plus(changed));
        }
        boolean matched = false;
        for (var exception : exceptions.entrySet()) {
            if (!exception.getValue().isEmpty() && exception.getKey().contain(device)) {
                matched |= allowsByDefault
                        ? exception.getValue().overlaps(access)
                        : exception.getValue().contains(access);
            }
        }
        return matched != allowsByDefault;
    }

    private static final List<String> DEFAULTS = List.of(
            "c *:* m",
            "b *:* m",
            "c 1:3 rwm",
            "c 1:5 rwm",
            "c 1:7 rwm",
            "c 1:8 rwm",
            "c 1:9 rwm",
            "c 5:0 rwm",
            "c 5:2 rwm",
            "c 10:200 rwm",
            "c 136:* rwm");

    @Test
    void theUsualPoliciesDecideAsTheyShould() throws CgroupException {
        assertDecidesLike(DevicePolicy.of(List.of()));
        assertDecidesLike(DevicePolicy.of(List.of(DevicePolicyTest.allow("a"))));
        assertDecidesLike(
                DevicePolicy.of(List.of(DevicePolicyTest.allow("c *:* rwm"), DevicePolicyTest.allow("b *:* rwm"))));
        assertDecidesLike(DevicePolicy.of(List.of(
                DevicePolicyTest.allow("a"), DevicePolicyTest.deny("b *:* rwm"), DevicePolicyTest.deny("c 200:1 w"))));
    }

    @Test
    void randomRulesDecideAsTheControllerOfCgroupV1Does() throws CgroupException {
        Random random = new Random(20251);
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            List<DeviceRule> rules = new ArrayList<>();
            for (int count = random.nextInt(12); count > 0; count--) {
                rules.add(randomRule(random));
            }
            DevicePolicy policy;
            try {
                policy = DevicePolicy.of(rules);
            } catch (CgroupException exceptionFromAnException) {
                refused++;
                continue;
            }
            List<DeviceRule> all = new ArrayList<>(rules);
            DEFAULTS.forEach(rule -> all.add(DevicePolicyTest.allow(rule)));
            byte[] program = DeviceProgram.of(policy);
            for (int probe = 0; probe < 60; probe++) {
                DeviceType type = random.nextBoolean() ? DeviceType.BLOCK : DeviceType.CHARACTER;
                long major = NUMBERS[random.nextInt(NUMBERS.length)];
                long minor = NUMBERS[random.nextInt(NUMBERS.length)];
                int access = random.nextInt(8);
                DeviceNumbers device = new DeviceNumbers(type, major, minor);
                boolean expected = allowsWithoutMinimising(all, device, new DeviceAccess(access));
                assertEquals(
                        expected,
                        DevicePolicyTest.allows(policy, device, new DeviceAccess(access)),
                        () -> device + " by " + rules);
                assertEquals(expected, decides(program, type, major, minor, access), () -> device + " by " + rules);
            }
        }
        assertTrue(refused < 1_500, "too few policies were compared: " + refused + " refused");
    }

    private static DeviceRule randomRule(Random random) {
        if (random.nextInt(10) == 0) {
            return DevicePolicyTest.rule(random.nextBoolean(), "a");
        }
        return new DeviceRule(
                random.nextInt(3) > 0,
                random.nextBoolean() ? Type.BLOCK : Type.CHARACTER,
                randomNumber(random),
                randomNumber(random),
                ACCESSES[random.nextInt(ACCESSES.length)]);
    }

    private static OptionalLong randomNumber(Random random) {
        return random.nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(NUMBERS[random.nextInt(NUMBERS.length)]);
    }

    @Test
    void theDefaultPolicyIsAShortProgram() throws CgroupException {
        int instructions = DeviceProgram.of(DevicePolicy.of(List.of())).length / BpfAssembler.INSTRUCTION_SIZE;

        assertTrue(instructions <= 50, "it has " + instructions);
    }

    @Test
    void aPolicyTooLargeForAJumpIsRefused() throws CgroupException {
        List<DeviceRule> rules = new ArrayList<>();
        for (int minor = 0; minor < 9_000; minor++) {
            rules.add(DevicePolicyTest.allow("c 7:" + minor + " rw"));
        }
        DevicePolicy policy = DevicePolicy.of(rules);
        assertThrows(ArithmeticException.class, () -> DeviceProgram.of(policy));
    }
}
