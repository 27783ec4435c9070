// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.stream.Stream;
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

    /**
     * The specification's way: of the rules for a device and one kind of access, the last decides. The devices that
     * every container has come after them where nothing is allowed by default, and cannot be forbidden as a whole where
     * all is.
     */
    private static boolean allowsInOrder(List<DeviceRule> rules, DeviceNumbers device, DeviceAccess access) {
        boolean byDefault = false;
        boolean allowed = false;
        for (DeviceRule rule : rules) {
            if (rule.type() == Type.ALL) {
                byDefault = rule.allow();
                allowed = byDefault;
            } else if (numbers(rule).contain(device)
                    && DeviceAccess.of(rule.access()).contains(access)
                    && !(byDefault && !rule.allow() && isDefault(numbers(rule), access))) {
                allowed = rule.allow();
            }
        }
        return allowed || !byDefault && isWithinADefault(device, access);
    }

    private static boolean isDefault(DeviceNumbers numbers, DeviceAccess access) {
        return defaults(access).anyMatch(numbers::equals);
    }

    private static boolean isWithinADefault(DeviceNumbers device, DeviceAccess access) {
        return defaults(access).anyMatch(numbers -> numbers.contain(device));
    }

    private static Stream<DeviceNumbers> defaults(DeviceAccess access) {
        return DEFAULTS.stream()
                .map(DevicePolicyTest::allow)
                .filter(rule -> DeviceAccess.of(rule.access()).contains(access))
                .map(DeviceProgramTest::numbers);
    }

    private static DeviceNumbers numbers(DeviceRule rule) {
        return new DeviceNumbers(
                rule.type() == Type.BLOCK ? DeviceType.BLOCK : DeviceType.CHARACTER,
                rule.major().orElse(DeviceNumbers.ANY),
                rule.minor().orElse(DeviceNumbers.ANY));
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
    void randomRulesDecideInTheirOrder() {
        Random random = new Random(20251);
        int compared = 0;
        for (int round = 0; round < 4_000; round++) {
            List<DeviceRule> rules = new ArrayList<>();
            for (int count = random.nextInt(12); count > 0; count--) {
                rules.add(randomRule(random));
            }
            DevicePolicy policy;
            try {
                policy = DevicePolicy.of(rules);
            } catch (CgroupException exceptionFromAnException) {
                continue;
            }
            compared++;
            assertDecidesInOrder(rules, policy, random);
        }
        assertTrue(compared > 500, "too few policies were compared: " + compared);
    }

    private static void assertDecidesInOrder(List<DeviceRule> rules, DevicePolicy policy, Random random) {
        byte[] program = DeviceProgram.of(policy);
        for (int probe = 0; probe < 60; probe++) {
            DeviceType type = random.nextBoolean() ? DeviceType.BLOCK : DeviceType.CHARACTER;
            long major = NUMBERS[random.nextInt(NUMBERS.length)];
            long minor = NUMBERS[random.nextInt(NUMBERS.length)];
            DeviceNumbers device = new DeviceNumbers(type, major, minor);
            for (String letter : List.of("r", "w", "m")) {
                DeviceAccess access = DeviceAccess.of(letter);
                boolean expected = allowsInOrder(rules, device, access);
                assertEquals(
                        expected,
                        DevicePolicyTest.allows(policy, device, access),
                        () -> device + " " + letter + " by " + rules);
                assertEquals(
                        expected,
                        decides(program, type, major, minor, access.bits()),
                        () -> device + " " + letter + " by " + rules);
            }
            DeviceAccess several = new DeviceAccess(random.nextInt(8));
            assertEquals(
                    DevicePolicyTest.allows(policy, device, several),
                    decides(program, type, major, minor, several.bits()),
                    () -> device + " " + several + " by " + rules);
        }
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
    void asManyRulesAsThereMayBeFitInAProgram() throws CgroupException {
        List<DeviceRule> rules = new ArrayList<>();
        for (int number = 0; number < DevicePolicy.MOST_RULES; number++) {
            rules.add(DevicePolicyTest.allow("c " + (300 + number) + ":" + number + " r"));
        }
        byte[] program = DeviceProgram.of(DevicePolicy.of(rules));

        assertTrue(decides(
                program, DeviceType.CHARACTER, 4395, 4095, DeviceAccess.of("r").bits()));
        assertFalse(decides(
                program, DeviceType.CHARACTER, 4395, 4095, DeviceAccess.of("w").bits()));
    }

    @Test
    void aPolicyTooLargeForAJumpIsRefused() throws CgroupException {
        SortedMap<DeviceNumbers, DevicePolicy.Access> exceptions = new TreeMap<>();
        for (int minor = 0; minor < 9_000; minor++) {
            exceptions.put(
                    new DeviceNumbers(DeviceType.CHARACTER, 7, minor),
                    new DevicePolicy.Access(DeviceAccess.of("rw"), ""));
        }
        DevicePolicy policy = new DevicePolicy(false, exceptions);
        assertThrows(ArithmeticException.class, () -> DeviceProgram.of(policy));
    }
}
