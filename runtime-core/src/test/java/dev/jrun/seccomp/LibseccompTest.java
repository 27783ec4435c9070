// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.seccomp.GeneratedProfile.Overlap;
import dev.jrun.seccomp.Libseccomp.Form;
import dev.jrun.seccomp.ReferenceFilter.RefusedException;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Rule;
import dev.jrun.spec.reading.Reading;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Filters decide as those that runc makes with libseccomp. Both are simulated over every system call number, on each
 * architecture of the profile and on one that it is not for.
 */
class LibseccompTest {
    /** Of generated profiles: {@code -Djrun.seccomp.profiles=100000} takes a while. */
    private static final int PROFILES = Integer.getInteger("jrun.seccomp.profiles", 400);

    private static final int FIRST_SEED = Integer.getInteger("jrun.seccomp.seed", 1);

    static final List<String> CAPTURED = Profiles.CAPTURED;

    private final Libseccomp library = Libseccomp.load();

    @ParameterizedTest
    @FieldSource("CAPTURED")
    void decidesOnProfilesOfRealClients(String name) throws Exception {
        Seccomp profile = Profiles.captured(name);
        compare(name, profile, List.of(Abi.X86_64, Abi.X86, Abi.X32));
        compare(name, profile, List.of(Abi.X86_64));
        compare(name, profile, List.of(Abi.AARCH64, Abi.ARM));
    }

    @Test
    void decidesOnWhatPodmanMakesProfilesOf() throws Exception {
        Seccomp profile = Profiles.containersCommon(List.of());
        compare("containers-common", profile, List.of(Abi.X86_64, Abi.X86, Abi.X32));
        compare("containers-common", profile, List.of(Abi.AARCH64, Abi.ARM));
    }

    @ParameterizedTest
    @EnumSource
    void decidesOnEachArchitecture(Abi abi) throws Exception {
        if (library.knows(abi)) {
            compare("Docker's", Profiles.captured("docker-20.10-bridge"), List.of(abi));
            compare("Podman's", Profiles.captured("podman-4.3-run"), List.of(abi));
        }
    }

    @Test
    void decidesOnGeneratedProfiles() throws Exception {
        List<Abi> known = new ArrayList<>();
        for (Abi abi : Abi.values()) {
            if (library.knows(abi)) {
                known.add(abi);
            }
        }
        List<String> names = names(known);
        assertTrue(names.size() > 400, () -> names.size() + " names");
        int compared = 0;
        for (int seed = FIRST_SEED; seed < FIRST_SEED + PROFILES; seed++) {
            List<Abi> abis = someAbis(known, new Random(seed));
            try {
                compare("seed " + seed, GeneratedProfile.of(seed, names, abis, Overlap.AS_LIBSECCOMP_CAN), abis);
                compared++;
            } catch (RefusedException e) {
                // Conflicting rules: runc would fail.
            }
        }
        assertTrue(compared > PROFILES / 2, compared + " of " + PROFILES + " profiles were compared");
    }

    private void compare(String name, Seccomp profile, List<Abi> abis) throws RefusedException {
        List<Seccomp.Arch> arches = new ArrayList<>();
        for (Abi abi : abis) {
            arches.add(Seccomp.Arch.valueOf("SCMP_ARCH_" + abi));
        }
        Seccomp restricted = new Seccomp(
                profile.defaultAction(),
                profile.defaultErrnoRet(),
                arches,
                profile.flags(),
                profile.listenerPath(),
                profile.listenerMetadata(),
                withKnownNames(profile.syscalls(), abis));
        Reading<SeccompFilter> compiled = new FilterCompiler(restricted, abis.getFirst()).compile();
        ReferenceFilter plain = new ReferenceFilter(library, restricted, abis, Form.PLAIN);
        // What the library takes, so does jrun.
        assertEquals(List.of(), compiled.problems(), name);
        byte[] program = compiled.value().orElseThrow().instructions();
        FilterSimulator filter = new FilterSimulator(program, ByteOrder.LITTLE_ENDIAN);
        ReferenceFilter tree = new ReferenceFilter(library, restricted, abis, Form.TREE);
        PlainMeaning meaning = new PlainMeaning(restricted);
        InterestingCalls calls = new InterestingCalls(restricted, 1);
        for (Abi abi : Abi.values()) {
            boolean isForeign = !abis.contains(abi);
            if (!isForeign || abi == Abi.X86_64 || abi == Abi.AARCH64) {
                calls.forEach(abi, call -> {
                    int expected = plain.decide(call);
                    int found = filter.run(call).result();
                    if (expected != found
                            && tree.decide(call) != found
                            && (isForeign || !isMistaken(meaning, call, expected, found))) {
                        assertEquals(
                                Integer.toHexString(expected),
                                Integer.toHexString(found),
                                () -> name + " for " + abis + ", " + call);
                    }
                });
            }
        }
    }

    /** Without the names that the library is too old for; {@link SystemCallNumbersTest} is about those. */
    private List<Rule> withKnownNames(List<Rule> rules, List<Abi> abis) {
        List<Rule> known = new ArrayList<>();
        for (Rule rule : rules) {
            List<String> names = new ArrayList<>(rule.names());
            names.removeIf(name -> abis.stream().anyMatch(abi -> !library.agrees(abi, name)));
            known.add(new Rule(names, rule.action(), rule.errnoRet(), rule.args()));
        }
        return known;
    }

    /**
     * Whether the library's result is that of no rule that holds, and jrun's is. One generated profile in ten thousand
     * makes it look at a word of which an earlier test left only some bits. That its two forms differ happens more
     * often.
     */
    private static boolean isMistaken(PlainMeaning meaning, SystemCall call, int expected, int found) {
        Set<Integer> results = meaning.of(call);
        return meaning.isAbout(call) && results.contains(found) && !results.contains(expected);
    }

    /** The native one and others with its byte order: the library does not mix. */
    private static List<Abi> someAbis(List<Abi> known, Random random) {
        List<Abi> abis = new ArrayList<>();
        Abi own = random.nextInt(3) == 0 ? known.get(random.nextInt(known.size())) : Abi.X86_64;
        abis.add(own);
        for (Abi abi : known) {
            boolean fits = abi != own && abi.isLittleEndian() == own.isLittleEndian();
            if (fits
                    && random.nextInt(own.name().startsWith("X86") && abi.name().startsWith("X") ? 2 : 12) == 0) {
                abis.add(abi);
            }
        }
        return abis;
    }

    /** Names that the library and jrun take for the same numbers everywhere. */
    private List<String> names(List<Abi> abis) {
        TreeSet<String> names = new TreeSet<>();
        for (Abi abi : abis) {
            names.addAll(abi.numbers().keySet());
        }
        // Rules on functions are rules on these, too, and would come together with any others.
        names.removeAll(List.of("socketcall", "ipc"));
        // The library takes some names for others, such as sys_debug_setcontext for switch_endian.
        names.removeIf(name -> !name.equals(library.nameOf(library.number(name))));
        for (Abi abi : abis) {
            names.removeIf(name -> !library.agrees(abi, name));
        }
        return List.copyOf(names);
    }
}
