// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.UnifiedContainers;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mappings that are written in the options {@code idmap=} and {@code ridmap=}, as with crun, which needs cgroup v2
 * alone.
 */
class MappedMountsOnUnifiedIT extends UnifiedContainers {

    private Path source(int id) throws IOException {
        Path source = Files.createDirectories(directory.resolve("source"));
        Path file = Files.writeString(source.resolve("file"), "");
        Execution.of(new ProcessBuilder("chown", id + ":" + id, file.toString()))
                .succeeds();
        return source;
    }

    private static String mount(Path source, String... options) {
        return "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"%s\", \"options\": [\"%s\"]}"
                .formatted(source, String.join("\", \"", options));
    }

    private void assertSameAsCrun(Bundle bundle, String expected) {
        // crun knows no newer version of the specification, and loads a device program only with rights that not every
        // root has.
        bundle.with("/ociVersion", "\"1.0.0\"").with("/linux/resources", "{}");
        assertEquals(expected, run(jrun, bundle));
        sandbox.installed("crun").ifPresent(crun -> assertEquals(expected, run(crun, bundle)));
    }

    private String run(OciRuntime runtime, Bundle bundle) {
        return runtime.call("run", "--bundle", bundle.path(), sandbox.newId())
                .succeeds()
                .output();
    }

    @ParameterizedTest
    @CsvSource({
        "idmap=uids=0-100-10;gids=0-200-10, 105:205",
        "idmap=gids=0-200-10;uids=0-100-10;, 105:205",
        "idmap=uids=0-100-3#3-200-10;gids=5-300-1, 202:300",
        "idmap=uids=0-100-5;gids=5-300-1, 65534:300",
    })
    void filesHaveTheIdsOfTheRanges(String option, String expected) throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", mount(source(5), "bind", option))
                .runsScript("stat -c %u:%g /tmp/file");

        assertSameAsCrun(bundle, expected + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "5, idmap, 5:5",
        "5, idmap=, 5:5",
        "5, idmap=uids=5-3-1;gids=5-5001-1, 2:1001",
        "5, idmap=uids=@5-3-1;gids=5-3-1, 3:2",
        "5, idmap=uids=@0-0-10;gids=@0-0-10, 4:4",
        "5, idmap=uids=@4-3-2#@9-9-1;gids=@5-3-1, 4:3",
        "1500, idmap=uids=@1500-1002-1;gids=@1500-1500-1, 1002:1500",
    })
    void rangesMayBeRelativeToTheUserNamespace(int id, String option, String expected) throws IOException {
        assertSameAsCrun(relative(id, option), expected + "\n");
    }

    /** crun does, too, in 1.8.1; in 1.21 these are 1500:0. */
    @Test
    void rangesThatLeadFromOneRangeOfTheUserNamespaceIntoAnotherLeadNowhere() throws IOException {
        assertEquals(
                "65534:65534\n",
                run(jrun, relative(5, "idmap=uids=@5-1500-1;gids=@5-0-1").with("/linux/resources", "{}")));
    }

    private Bundle relative(int id, String option) throws IOException {
        String mappings =
                "[{\"containerID\": 0, \"hostID\": 0, \"size\": 1}, {\"containerID\": 1, \"hostID\": 2, \"size\": 1000},"
                        + " {\"containerID\": 1001, \"hostID\": 5001, \"size\": 1000}]";
        return sandbox.bundle()
                .inUserNamespace()
                .with("/linux/uidMappings", mappings)
                .with("/linux/gidMappings", mappings)
                .with("/mounts/-", mount(source(id), "bind", option))
                .runsScript("stat -c %u:%g /tmp/file");
    }

    @Test
    void whatTheKernelDoesNotMapIsNamed() throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", mount(source(5), "bind", "idmap=uids=0-1-1#0-2-1;gids=0-1-1"))
                .runs("true");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/mounts/7/options/1: map ids of files: invalid argument");
    }
}
