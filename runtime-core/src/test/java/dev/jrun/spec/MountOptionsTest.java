// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.MountOptions.Bind;
import dev.jrun.spec.MountOptions.IdMap;
import dev.jrun.spec.MountOptions.Link;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountOptionsTest {
    @Test
    void noOptionsAskForNothing() {
        MountOptions options = options();
        assertEquals(
                new MountOptions(
                        List.of(),
                        Bind.NO,
                        Set.of(),
                        Set.of(),
                        List.of(),
                        Set.of(),
                        Set.of(),
                        false,
                        IdMap.NO,
                        Optional.empty(),
                        Set.of(),
                        List.of()),
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
                List.of("mode=755", "size=65536k", "RO"),
                options("mode=755", "nosuid", "size=65536k", "RO", "defaults", "")
                        .data());
    }

    @Test
    void theLastOfSeveralWaysToKeepAccessTimesBelowCounts() {
        assertEquals(
                Set.of(MountAttribute.NODEV, MountAttribute.STRICTATIME),
                options("rnoatime", "rnodev", "rrelatime", "rstrictatime").recursiveSet());
        assertEquals(
                Set.of(MountAttribute.NOATIME),
                options("rstrictatime", "rnoatime").recursiveSet());
    }

    @Test
    void dataMayBeJoinedByCommas() {
        assertEquals(
                List.of("size=4k", "mode=700", "context=\"a:b:c0,c1\"", "lowerdir=/a\\,b", "nodev"),
                options("size=4k,mode=700", "nosuid", ",context=\"a:b:c0,c1\",lowerdir=/a\\,b,,nodev,")
                        .data());
        assertEquals(List.of("a", "b\\"), options("a,b\\").data());
        assertEquals(List.of("a", "b=\"c,d"), options("a,b=\"c,d").data());
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionIsFoundByItsName(MountOption option) {
        assertEquals(Optional.of(option), MountOption.named(option.specName()));
        assertFalse(MountOption.isData(option.specName()));
    }

    /** What {@code features} of runc 1.5 and crun list as mountOptions. */
    @ParameterizedTest
    @ValueSource(strings = {"""
        async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec noiversion
        nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime relatime remount rexec
        rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared
        rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync tmpcopyup
        unbindable idmap ridmap
        """, """
        async atime bind copy-symlink defaults dest-nofollow dev diratime dirsync exec idmap mand noatime nodev nodiratime noexec
        nomand norelatime nostrictatime nosuid private rasync ratime rbind rdev rdiratime rdirsync relatime remount rexec ridmap
        rmand rnoatime rnodev rnodiratime rnoexec rnomand rnorelatime rnostrictatime rnosuid ro rprivate rrelatime rro rrw rshared
        rslave rstrictatime rsuid rsync runbindable rw shared slave src-nofollow strictatime suid sync tmpcopyup unbindable
        """})
    void theOptionsOfOtherRuntimesAreKnown(String names) {
        for (String name : names.strip().split("\\s+")) {
            assertTrue(MountOption.named(name).isPresent(), name);
        }
    }

    @ParameterizedTest
    @CsvSource({"copy-symlink, COPIED", "src-nofollow, SOURCE", "dest-nofollow, DESTINATION"})
    void linksAreTreatedAsAskedFor(String option, Link link) {
        assertEquals(Set.of(link), options("bind", option).links());
        assertEquals(List.of(), options("bind", option).data());
    }

    @ParameterizedTest
    @CsvSource({
        "rsync, SYNCHRONOUS, true",
        "rasync, SYNCHRONOUS, false",
        "rdirsync, DIRSYNC, true",
        "rmand, MANDLOCK, true",
        "rnomand, MANDLOCK, false"
    })
    void aFlagOfFileSystemsIsTheSameBelowANewOne(String option, MountFlag flag, boolean set) {
        assertEquals(set ? Set.of(flag) : Set.of(), options(option).set());
        assertEquals(set ? Set.of() : Set.of(flag), options(option).cleared());
    }

    @Test
    void idMappingsMayBeInTheOption() {
        MountOptions options = options("rbind", "ridmap=uids=0-1-2;gids=3-4-5");
        assertEquals(IdMap.RECURSIVE, options.idmap());
        assertEquals(Optional.of("uids=0-1-2;gids=3-4-5"), options.idMappings());
        assertEquals(List.of(), options.data());
        assertEquals(Optional.empty(), options("idmap=").idMappings());
        assertEquals(IdMap.SINGLE, options("idmap=").idmap());
    }

    @Test
    void noOtherOptionHasAValue() {
        assertEquals(
                List.of("ro=1", "=", "idmapped=x"),
                options("ro=1", "=", "idmapped=x").data());
    }

    private static MountOptions options(String... options) {
        return MountOptions.of(List.of(options));
    }
}
