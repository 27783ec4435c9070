// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.MountOptions.Bind;
import dev.jrun.spec.MountOptions.IdMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MountOptionsTest {
    @Test
    void noOptionsAskForNothing() {
        MountOptions options = options();
        assertEquals(
                new MountOptions(
                        Bind.NO, Set.of(), Set.of(), List.of(), Set.of(), Set.of(), false, IdMap.NO, List.of()),
                options);
    }

    @ParameterizedTest
    @CsvSource({
        "ro, RDONLY",
        "nosuid, NOSUID",
        "nodev, NODEV",
        "noexec, NOEXEC",
        "sync, SYNCHRONOUS",
        "remount, REMOUNT",
        "mand, MANDLOCK",
        "dirsync, DIRSYNC",
        "nosymfollow, NOSYMFOLLOW",
        "noatime, NOATIME",
        "nodiratime, NODIRATIME",
        "silent, SILENT",
        "iversion, I_VERSION",
        "relatime, RELATIME",
        "strictatime, STRICTATIME",
        "lazytime, LAZYTIME"
    })
    void anOptionSetsItsFlag(String option, MountFlag flag) {
        assertEquals(Set.of(flag), options(option).set());
        assertEquals(Set.of(), options(option).cleared());
        assertEquals(List.of(), options(option).data());
    }

    @ParameterizedTest
    @CsvSource({
        "rw, RDONLY",
        "suid, NOSUID",
        "dev, NODEV",
        "exec, NOEXEC",
        "async, SYNCHRONOUS",
        "nomand, MANDLOCK",
        "symfollow, NOSYMFOLLOW",
        "atime, NOATIME",
        "diratime, NODIRATIME",
        "loud, SILENT",
        "noiversion, I_VERSION",
        "norelatime, RELATIME",
        "nostrictatime, STRICTATIME",
        "nolazytime, LAZYTIME"
    })
    void itsOppositeClearsIt(String option, MountFlag flag) {
        assertEquals(Set.of(), options(option).set());
        assertEquals(Set.of(flag), options(option).cleared());
        assertEquals(List.of(), options(option).data());
    }

    @Test
    void theLastOfTwoContradictingOptionsCounts() {
        assertEquals(Set.of(MountFlag.RDONLY), options("rw", "ro").set());
        assertEquals(Set.of(), options("rw", "ro").cleared());
        assertEquals(Set.of(), options("ro", "rw").set());
        assertEquals(Set.of(MountFlag.RDONLY), options("ro", "rw").cleared());
        assertEquals(Set.of(MountAttribute.RDONLY), options("rrw", "rro").recursiveSet());
        assertEquals(Set.of(), options("rrw", "rro").recursiveCleared());
    }

    @ParameterizedTest
    @CsvSource({
        "rro, RDONLY",
        "rnosuid, NOSUID",
        "rnodev, NODEV",
        "rnoexec, NOEXEC",
        "rnodiratime, NODIRATIME",
        "rrelatime, RELATIME",
        "rnoatime, NOATIME",
        "rstrictatime, STRICTATIME",
        "rnosymfollow, NOSYMFOLLOW"
    })
    void anOptionSetsItsAttributeBelow(String option, MountAttribute attribute) {
        assertEquals(Set.of(attribute), options(option).recursiveSet());
        assertEquals(Set.of(), options(option).set());
    }

    @ParameterizedTest
    @CsvSource({
        "rrw, RDONLY",
        "rsuid, NOSUID",
        "rdev, NODEV",
        "rexec, NOEXEC",
        "rdiratime, NODIRATIME",
        "rnorelatime, RELATIME",
        "ratime, NOATIME",
        "rnostrictatime, STRICTATIME",
        "rsymfollow, NOSYMFOLLOW"
    })
    void itsOppositeClearsItBelow(String option, MountAttribute attribute) {
        assertEquals(Set.of(attribute), options(option).recursiveCleared());
        assertEquals(Set.of(), options(option).cleared());
    }

    @Test
    void bindsAreShallowOrDeep() {
        assertEquals(Bind.SINGLE, options("bind").bind());
        assertEquals(Bind.RECURSIVE, options("rbind").bind());
        assertEquals(Bind.RECURSIVE, options("rbind", "bind").bind());
    }

    @ParameterizedTest
    @EnumSource
    void everyPropagationIsAnOption(Propagation propagation) {
        assertEquals(List.of(propagation), options(propagation.specName()).propagation());
    }

    @Test
    void propagationKeepsItsOrder() {
        assertEquals(
                List.of(Propagation.RSLAVE, Propagation.SHARED),
                options("rslave", "ro", "shared").propagation());
    }

    @Test
    void idMappingsAreShallowOrDeep() {
        assertEquals(IdMap.SINGLE, options("idmap").idmap());
        assertEquals(IdMap.RECURSIVE, options("ridmap").idmap());
    }

    @Test
    void tmpcopyupIsKnown() {
        assertTrue(options("tmpcopyup").tmpcopyup());
    }

    @Test
    void whatIsNotKnownIsDataInItsOrder() {
        assertEquals(
                List.of("mode=755", "size=65536k", "RO", ""),
                options("mode=755", "nosuid", "size=65536k", "RO", "defaults", "")
                        .data());
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionIsFoundByItsName(MountOption option) {
        assertEquals(Optional.of(option), MountOption.named(option.specName()));
    }

    private static MountOptions options(String... options) {
        return MountOptions.of(List.of(options));
    }
}
