// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPathTest {

    @ParameterizedTest
    @CsvSource({
        "/data, data",
        "data, data",
        "/a/b/c, a/b/c",
        "/, .",
        "'', .",
        ".., .",
        "//data, data",
        "/data/, data",
        "/a//b, a/b",
        "/./a/./b/., a/b",
        "/a/../b, b",
        "/../../etc, etc",
        "/a/..., a/...",
        "/.hidden/..data, .hidden/..data",
        "/a/.b./c, a/.b./c"
    })
    void whatMeansNothingIsLeftOut(String path, String relative) {
        assertEquals(relative, ContainerPath.relative(path));
        assertEquals(relative.equals(".") ? List.of() : List.of(relative.split("/")), ContainerPath.components(path));
    }

    @ParameterizedTest
    @CsvSource({
        "/data, data",
        "/, .",
        "/.., .",
        "/../../etc/, etc",
        "//a/./b//, a/b",
        "/a/../b, a/../b",
        "/a/../../b/.., a/../../b/..",
        "/a/...b, a/...b"
    })
    void whatLeadsUpBehindALinkIsLeftToTheKernel(String path, String walked) {
        assertEquals(walked, ContainerPath.walked(path));
        assertEquals(walked.contains("../") || walked.endsWith("/.."), ContainerPath.leadsUp(walked));
    }
}
