// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bind mounts of and over symbolic links: {@code src-nofollow}, {@code dest-nofollow} and {@code copy-symlink}. */
class LinkMountsIT extends RealContainers {

    private Path file;
    private Path link;
    private Path dangling;

    @BeforeEach
    void makeSources() throws IOException {
        Path sources = Files.createDirectory(directory.resolve("sources"));
        file = Files.writeString(sources.resolve("file"), "content of the file\n");
        link = Files.createSymbolicLink(sources.resolve("link"), Path.of("file"));
        dangling = Files.createSymbolicLink(sources.resolve("dangling"), Path.of("to/the link"));
    }

    private static String mount(Path source, String destination, String... options) {
        return "{\"destination\": \"%s\", \"source\": \"%s\", \"options\": [\"%s\"]}"
                .formatted(destination, source, String.join("\", \"", options));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkIsMountedItself(boolean user) throws IOException {
        Bundle bundle = sandbox.bundle()
                .file("there", "rw-r--r--", "hidden")
                .with("/mounts/-", mount(dangling, "/mine", "bind", "src-nofollow"))
                .with("/mounts/-", mount(dangling, "/there", "rbind", "src-nofollow", "ro", "nosuid"))
                .with("/mounts/-", mount(file, "/plain", "bind", "src-nofollow"))
                .with("/mounts/-", mount(link, "/followed", "bind"))
                .runsScript(
                        "for l in /mine /there; do readlink $l; done; cat /plain /followed; grep -c /there.*ro,nosuid /proc/self/mountinfo");

        assertEquals(
                """
                to/the link
                to/the link
                content of the file
                content of the file
                1
                """, run(user ? writable(bundle).inUserNamespace() : bundle).output());
        assertTrue(Files.isRegularFile(bundle.rootfs().resolve("mine"), LinkOption.NOFOLLOW_LINKS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkIsMountedOver(boolean user) throws IOException {
        Bundle bundle = sandbox.bundle()
                .link("nowhere", "points/nowhere")
                .link("other", "etc/passwd")
                .link("somewhere", "etc/passwd")
                .link("etc/way", "../tmp")
                .link("etc/away", "/new")
                .with("/mounts/-", mount(file, "/nowhere", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(file, "/somewhere", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(dangling, "/other", "bind", "dest-nofollow", "src-nofollow"))
                .with("/mounts/-", mount(file, "/etc/way/mine", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(file, "/etc/away/deep/mine", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(file.getParent(), "/made/mine", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(file, "/etc/passwd", "bind"))
                .runsScript("""
                        cat /nowhere /somewhere /tmp/mine /new/deep/mine /made/mine/file /etc/passwd; readlink /other
                        cut -d' ' -f5 /proc/self/mountinfo | grep -E 'where|other|mine|passwd'""");

        assertEquals(
                "content of the file\n".repeat(6) + """
                to/the link
                /nowhere
                /somewhere
                /other
                /tmp/mine
                /new/deep/mine
                /made/mine
                /etc/passwd
                """,
                run(user ? writable(bundle).inUserNamespace() : bundle).output());
        assertFalse(Files.exists(bundle.rootfs().resolve("points")));
        assertEquals(
                Path.of("points/nowhere"),
                Files.readSymbolicLink(bundle.rootfs().resolve("nowhere")));
    }

    @Test
    void whatIsMountedOverALinkCanBeChanged() {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .link("link", "etc/passwd")
                .with("/mounts/-", mount(file, "/link", "bind", "dest-nofollow"))
                .with("/mounts/-", mount(file, "/link", "bind", "remount", "ro", "dest-nofollow"))
                .runsScript("echo x 2>/dev/null > /link || echo read-only; echo x > /etc/passwd && echo writable");

        assertEquals("read-only\nwritable\n", run(bundle).output());
    }

    @Test
    void aLinkTakesNoDirectory() {
        Bundle bundle = sandbox.bundle()
                .link("link", "tmp")
                .with("/mounts/-", mount(directory, "/link", "bind", "dest-nofollow"))
                .runs("true");

        refused(bundle, "config.json#/mounts/7", "of which only one is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dest-nofollow", "copy-symlink"})
    void noneIsMadeInProc(String option) {
        Bundle bundle = sandbox.bundle()
                .link("way", "/proc/self")
                .with("/mounts/-", mount(dangling.resolveSibling("link"), "/way/attr", "bind", option))
                .runs("true");

        refused(bundle, "config.json#/mounts/7", "a link into /proc");
        bundle.with("/mounts/7/destination", "\"/proc/self\"");
        refused(bundle, "config.json#/mounts/7/destination", "it is inside /proc");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkIsCopied(boolean user) throws IOException {
        Bundle bundle = sandbox.bundle()
                .link("etc/way", "../tmp")
                .link("same", "file")
                .with("/mounts/-", mount(link, "/mine", "bind", "ro", "copy-symlink"))
                .with("/mounts/-", mount(dangling, "/deep/er/mine", "rbind", "copy-symlink"))
                .with("/mounts/-", mount(link, "/etc/way/mine", "bind", "copy-symlink"))
                .with("/mounts/-", mount(link, "/same", "bind", "copy-symlink"))
                .with("/mounts/-", mount(file, "/file", "bind", "ro", "copy-symlink"))
                .runsScript("""
                        for l in /mine /deep/er/mine /tmp/mine /same; do readlink $l; done; cat /mine
                        echo x 2>/dev/null > /file || echo read-only
                        cut -d' ' -f5 /proc/self/mountinfo | grep -E 'mine|same|file'""");
        String expected = """
                file
                to/the link
                file
                file
                content of the file
                read-only
                /file
                """;
        if (user) {
            writable(bundle).inUserNamespace();
        }

        assertEquals(expected, run(bundle).output());
        // What the first made is there now.
        assertEquals(expected, run(bundle).output());
        assertEquals(
                Path.of("to/the link"), Files.readSymbolicLink(bundle.rootfs().resolve("deep/er/mine")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"etc/passwd", "tmp", "longer", "filf", "link"})
    void nothingElseIsReplacedByALink(String present) throws IOException {
        Bundle bundle = sandbox.bundle()
                .link("longer", "files")
                .link("filf", "filf")
                .link("link", "fil")
                .with("/mounts/-", mount(link, "/" + present, "bind", "copy-symlink"))
                .runs("true");
        boolean wasLink = Files.isSymbolicLink(bundle.rootfs().resolve(present));

        refused(bundle, "config.json#/mounts/7", "the destination is there, and is no link like the source");
        assertEquals(wasLink, Files.isSymbolicLink(bundle.rootfs().resolve(present)));
    }

    @Test
    void aLinkWhoseIdsAreMappedIsCopiedOrMounted() {
        String ids = "idmap=uids=0-1000-10;gids=0-2000-10";
        Bundle bundle = sandbox.bundle()
                .with("/mounts/-", mount(dangling, "/copied", "bind", "copy-symlink", ids))
                .with("/mounts/-", mount(dangling, "/mounted", "bind", "src-nofollow", ids))
                .runsScript("for l in /copied /mounted; do readlink $l; done; stat -c %u:%g /copied /mounted");

        assertEquals("to/the link\nto/the link\n0:0\n1000:2000\n", run(bundle).output());
    }

    @Test
    void aUserNamespaceSeesLinksThatOnlyTheCallerCanReach() throws IOException {
        Path hidden = Files.createDirectory(directory.resolve("hidden"));
        Execution.of(new ProcessBuilder("chmod", "700", hidden.toString())).succeeds();
        Path there = Files.createSymbolicLink(hidden.resolve("link"), Path.of("target"));
        Bundle bundle = writable(sandbox.bundle())
                .inUserNamespace()
                .with("/mounts/-", mount(there, "/copied", "bind", "copy-symlink"))
                .with("/mounts/-", mount(there, "/mounted", "bind", "src-nofollow"))
                .runsScript("for l in /copied /mounted; do readlink $l; done; stat -c %u:%g /copied");

        assertEquals("target\ntarget\n0:0\n", run(bundle).output());
    }

    @Test
    void aMissingSourceIsNamed() {
        for (String option : new String[] {"src-nofollow", "dest-nofollow", "copy-symlink"}) {
            Bundle bundle = sandbox.bundle()
                    .with("/mounts/-", mount(file.resolveSibling("none"), "/mine", "bind", option))
                    .runs("true");

            refused(bundle, "config.json#/mounts/7", "no such file or directory");
        }
    }

    /** The root of the user namespace can make places in the root file system. */
    private static Bundle writable(Bundle bundle) {
        Execution.of(new ProcessBuilder(
                        "chown",
                        "-hR",
                        Bundle.FIRST_ID + ":" + Bundle.FIRST_ID,
                        bundle.rootfs().toString()))
                .succeeds();
        return bundle;
    }

    private void refused(Bundle bundle, String... message) {
        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).failsWith(message);
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();
    }
}
