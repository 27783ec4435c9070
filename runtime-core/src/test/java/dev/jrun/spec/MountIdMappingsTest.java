// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountIdMappingsTest {

    private static final List<IdMapping> NAMESPACE =
            List.of(new IdMapping(0, 0, 1), new IdMapping(1, 2, 1000), new IdMapping(1001, 5001, 1000));

    @Test
    void rangesAreSeparatedByNumberSigns() {
        MountIdMappings mappings = MountIdMappings.parse("uids=0-100-10#10-200-4294967285;gids=7-8-9");
        assertEquals(
                List.of(new IdMapping(0, 100, 10), new IdMapping(10, 200, 4294967285L)), mappings.users(List.of()));
        assertEquals(List.of(new IdMapping(7, 8, 9)), mappings.groups(List.of()));
    }

    @Test
    void theOrderOfBothKindsIsFreeAndASemicolonMayEndThem() {
        assertEquals(MountIdMappings.parse("uids=0-1-2;gids=3-4-5"), MountIdMappings.parse("gids=3-4-5;uids=0-1-2;"));
    }

    /** Each as crun 1.8.1 has them. */
    @ParameterizedTest
    @CsvSource({
        "@0-0-10, 0",
        "@5-3-1, 4",
        "@5-1500-1, 1501",
        "@1500-10-1, 4010",
        "@1500-1002-1, 5002",
        "5-3-1, 3",
    })
    void aRelativeRangeIsShiftedAsTheRangeThatHasItsFirstIdIs(String range, long hostId) {
        MountIdMappings mappings = MountIdMappings.parse("uids=%s;gids=0-0-1".formatted(range));
        assertEquals(hostId, mappings.users(NAMESPACE).getFirst().hostID());
    }

    @Test
    void eachRangeIsRelativeByItself() {
        MountIdMappings mappings = MountIdMappings.parse("uids=4-3-1#@5-3-1;gids=0-0-1");
        assertEquals(List.of(new IdMapping(4, 3, 1), new IdMapping(5, 4, 1)), mappings.users(NAMESPACE));
    }

    @Test
    void whatARangeIsRelativeToMustBeThere() {
        MountIdMappings users = MountIdMappings.parse("uids=@9000-1-1;gids=0-0-1");
        assertEquals(
                "no range of /linux/uidMappings has the id 9000, which \"@\" is relative to",
                assertThrows(IllegalArgumentException.class, () -> users.users(NAMESPACE))
                        .getMessage());
        MountIdMappings groups = MountIdMappings.parse("uids=0-0-1;gids=@500-1-1");
        assertEquals(
                "relative to /linux/gidMappings, the host's id would be -499",
                assertThrows(IllegalArgumentException.class, () -> groups.groups(List.of(new IdMapping(500, 0, 1))))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uids=0-1-2|required: both uids= and gids=",
                "gids=0-1-2|required: both uids= and gids=",
                ";|required: both uids= and gids=",
                "users=0-1-2|allowed: uids= and gids= with a semicolon between them, found \"users\"",
                "uids=0-1-2;;gids=0-1-2|allowed: uids= and gids= with a semicolon between them, found \"\"",
                "uids=0-1-2;uids=3-4-5;gids=0-1-2|allowed: uids= once, with \"#\" between its ranges",
                "uids|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found \"uids\"",
                "uids=0-1|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found \"0-1\"",
                "uids=0-1-2-3|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number),"
                        + " found \"0-1-2-3\"",
                "uids=0-1-2#|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found \"\"",
                "uids=0-1-0|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found \"0-1-0\"",
                "uids=a-1-1|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found \"a-1-1\"",
                "uids=0-4294967296-1|allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number),"
                        + " found \"0-4294967296-1\"",
            })
    void whatIsMalformedIsNamed(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> MountIdMappings.parse(text))
                        .getMessage());
    }
}
