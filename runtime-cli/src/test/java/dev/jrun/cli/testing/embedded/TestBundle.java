// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.embedded;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.reading.DefaultConfig;
import dev.jrun.spec.reading.DefaultConfig.CgroupHierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bundle of busybox with the default configuration, but for the terminal, the program and the place of its cgroup.
 */
public record TestBundle(Path directory) {

    static final Path BUSYBOX = Path.of("/bin/busybox");

    /**
     * Makes it.
     *
     * @param cgroupsPath absolute
     */
    public static TestBundle make(Path directory, String cgroupsPath, String... program) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("rootfs/bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet : List.of("sh", "true", "false", "sleep", "cat", "echo")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        TestBundle bundle = new TestBundle(directory);
        bundle.configure(cgroupsPath, program);
        return bundle;
    }

    /** Another bundle with the same root file system. */
    public TestBundle sibling(Path other, String cgroupsPath, String... program) throws IOException {
        Files.createDirectories(other);
        TestBundle bundle = new TestBundle(other);
        bundle.configure(cgroupsPath, program);
        Path config = other.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"path\": \"rootfs\"", "\"path\": \"" + directory.resolve("rootfs") + "\""));
        return bundle;
    }

    /** Adds members, as JSON, to {@code linux}. */
    public TestBundle withLinux(String members) throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"linux\": \\{", Matcher.quoteReplacement("\"linux\": {" + members + ",")));
        return this;
    }

    /** Adds mounts, as JSON, behind the others. */
    public TestBundle withMounts(String mounts) throws IOException {
        Path config = directory.resolve("config.json");
        String text = Files.readString(config);
        int end = text.indexOf("\n\t],", text.indexOf("\"mounts\""));
        Files.writeString(config, text.substring(0, end) + ",\n" + mounts + text.substring(end));
        return this;
    }

    /** Its root file system belongs to the host's user that is root in user namespaces. */
    public TestBundle ownedByMappedRoot() {
        String owner = Bundle.FIRST_ID + ":" + Bundle.FIRST_ID;
        Programs.run("chown", "-R", owner, directory.resolve("rootfs").toString());
        return this;
    }

    /** With a terminal. */
    public TestBundle withTerminal() throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"terminal\": false", "\"terminal\": true"));
        return this;
    }

    /** Adds namespaces to those of {@code linux}, each in JSON. */
    public TestBundle withNamespaces(String... namespaces) throws IOException {
        Path config = directory.resolve("config.json");
        String added = "\"namespaces\": [" + String.join(", ", namespaces) + ", ";
        Files.writeString(
                config, Files.readString(config).replaceFirst("\"namespaces\": \\[", Matcher.quoteReplacement(added)));
        return this;
    }

    /** In a new user namespace, whose root the root file system belongs to. */
    public TestBundle inUserNamespace() throws IOException {
        String mappings = "[{\"containerID\": 0, \"hostID\": %d, \"size\": 65536}]".formatted(Bundle.FIRST_ID);
        return ownedByMappedRoot()
                .withNamespaces("{\"type\": \"user\"}")
                .withLinux("\"uidMappings\": %s, \"gidMappings\": %s".formatted(mappings, mappings));
    }

    /** Its namespace of this type, which it would get a new one of, is the one at {@code path}. */
    public TestBundle joining(String type, Path path) throws IOException {
        Path config = directory.resolve("config.json");
        String joined = "\"type\": \"%s\", \"path\": \"%s\"".formatted(type, path);
        Files.writeString(
                config,
                Files.readString(config).replaceFirst("\"type\": \"" + type + "\"", Matcher.quoteReplacement(joined)));
        return this;
    }

    /** Has a hook run at every moment, and a filter loaded that allows everything. */
    public void withHooksAndSeccomp() throws IOException {
        String hook = ": [{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]";
        String hooks = Stream.of(
                        "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop")
                .map(name -> '"' + name + '"' + hook)
                .collect(Collectors.joining(", "));
        Path config = directory.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\"linux\": \\{",
                                "\"hooks\": {" + hooks
                                        + "},\n\t\"linux\": {\n\t\t\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\"},"));
    }

    private void configure(String cgroupsPath, String... program) throws IOException {
        var hierarchy = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))
                ? CgroupHierarchy.UNIFIED
                : CgroupHierarchy.LEGACY;
        String words = Arrays.stream(program).map(word -> '"' + word + '"').collect(Collectors.joining(", "));
        String config = DefaultConfig.forRoot(hierarchy)
                .replaceFirst("\"terminal\": true", "\"terminal\": false")
                .replaceFirst("\"args\": \\[[^]]*]", "\"args\": [" + words + "]")
                .replaceFirst("\"linux\": \\{", "\"linux\": {\n\t\t\"cgroupsPath\": \"" + cgroupsPath + "\",");
        Files.writeString(directory.resolve("config.json"), config);
    }
}
