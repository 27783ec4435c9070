// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.seccomp.Libseccomp.Form;
import dev.jrun.seccomp.ReferenceFilter.RefusedException;
import dev.jrun.spec.Seccomp;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Filters decide as those that runc makes with libseccomp. Both are simulated over every system call number, on each
 * architecture of the profile and on one that it is not for.
 */
class LibseccompTest {
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

    @ParameterizedTest
    @EnumSource
    void decidesOnEachArchitecture(Abi abi) throws Exception {
        if (library.knows(abi)) {
            compare("Docker's", Profiles.captured("docker-20.10-bridge"), List.of(abi));
            compare("Podman's", Profiles.captured("podman-4.3-run"), List.of(abi));
        }
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
                profile.syscalls());
        byte[] program = new FilterCompiler(restricted, abis.getFirst())
                .compile()
                .value()
                .orElseThrow()
                .instructions();
        FilterSimulator filter = new FilterSimulator(program, ByteOrder.LITTLE_ENDIAN);
        InterestingCalls calls = new InterestingCalls(restricted, 1);
        for (Form form : Form.values()) {
            if (form == Form.TREE && profile.syscalls().isEmpty()) {
                continue;
            }
            ReferenceFilter reference = new ReferenceFilter(library, restricted, abis, form);
            for (Abi abi : Abi.values()) {
                boolean isForeign = !abis.contains(abi);
                if (!isForeign || abi == Abi.X86_64 || abi == Abi.AARCH64) {
                    calls.forEach(abi, call -> {
                        int expected = reference.decide(call);
                        int found = filter.run(call).result();
                        if (expected != found) {
                            assertEquals(
                                    Integer.toHexString(expected),
                                    Integer.toHexString(found),
                                    () -> name + " for " + abis + ", " + form + ", " + call);
                        }
                    });
                }
            }
        }
    }
}
