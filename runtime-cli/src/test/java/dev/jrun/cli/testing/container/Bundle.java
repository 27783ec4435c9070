// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.reading.DefaultConfig;
import dev.jrun.spec.reading.DefaultConfig.CgroupHierarchy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;

/** A bundle with the default configuration, without a terminal, and a root file system of busybox. */
public final class Bundle {

    /** A symbolic link to a static busybox under the name of each of its commands. */
    public static final Path BUSYBOX = Path.of("/bin/busybox");

    /** The host's id of a container's root, {@link #inUserNamespace}. */
    public static final long FIRST_ID = 100000;

    private static final List<String> MOMENTS =
            List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");

    private static final String DEFAULT_CONFIG = "/fixtures/valid/default-without-terminal.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private ObjectNode config;

    private Bundle(Path directory, ObjectNode config) {
        this.directory = directory;
        this.config = config;
    }

    /** Asked for once: hundreds of bundles are made. */
    private static final class Commands {
        static final List<String> ALL =
                Execution.of(new ProcessBuilder(BUSYBOX.toString(), "--list")).succeeds().lines().stream()
                        .filter(command -> !command.equals("busybox"))
                        .toList();
    }

    /** Makes it in a new directory. */
    public static Bundle create(Path directory) {
        // One link with many names: a file system may take ten times as long for as many links.
        return create(
                directory,
                commands -> Files.createSymbolicLink(commands.resolve(Commands.ALL.getFirst()), Path.of("busybox")));
    }

    /**
     * As {@link #create}, with busybox itself under the name of each command, as images have it: to copy that, as
     * container engines may for each container, is to copy one file.
     */
    public static Bundle createAsImage(Path directory) {
        return create(
                directory,
                commands -> Files.createLink(commands.resolve(Commands.ALL.getFirst()), commands.resolve("busybox")));
    }

    /** Makes the first command, in the directory of all. */
    private interface FirstCommand {
        Path make(Path commands) throws IOException;
    }

    private static Bundle create(Path directory, FirstCommand first) {
        try {
            Path commands = Files.createDirectories(directory.resolve("rootfs/bin"));
            Files.copy(BUSYBOX, commands.resolve("busybox"));
            Path command = first.make(commands);
            for (String name : Commands.ALL.subList(1, Commands.ALL.size())) {
                Files.createLink(commands.resolve(name), command);
            }
            for (String name : List.of("etc", "proc", "sys", "dev", "tmp", "root")) {
                Files.createDirectory(directory.resolve("rootfs").resolve(name));
            }
            var bundle = new Bundle(directory, defaultConfig());
            bundle.file(
                    "etc/passwd", "rw-r--r--", "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n");
            return bundle.save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One for tests that look at each step of a call: with the configuration that {@code spec} prints on this host, and
     * a root file system of a few commands that has yet to get the places that things are mounted on.
     */
    public static Bundle bare(Path directory) {
        try {
            Path commands = Files.createDirectories(directory.resolve("rootfs/bin"));
            Files.copy(BUSYBOX, commands.resolve("busybox"));
            for (String command : List.of("sh", "true", "false", "sleep", "cat", "echo")) {
                Files.createSymbolicLink(commands.resolve(command), Path.of("busybox"));
            }
            return new Bundle(directory, printedConfig()).save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #bare}, with the root file system of this one. */
    public Bundle bareSibling(Path other) {
        try {
            Files.createDirectories(other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Bundle(other, printedConfig()).with("/root/path", quoted(rootfs().toString()));
    }

    private static ObjectNode printedConfig() {
        var hierarchy = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))
                ? CgroupHierarchy.UNIFIED
                : CgroupHierarchy.LEGACY;
        ObjectNode config = (ObjectNode) OciRuntime.json(DefaultConfig.forRoot(hierarchy));
        ((ObjectNode) config.get("process")).put("terminal", false);
        return config;
    }

    /** A bundle that another tool made; its own configuration without a terminal. */
    public static Bundle open(Path directory) {
        try {
            ObjectNode config =
                    (ObjectNode) JSON.readTree(directory.resolve("config.json").toFile());
            ((ObjectNode) config.get("process")).put("terminal", false);
            return new Bundle(directory, config).save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The default configuration for a root file system that another tool made as {@code rootfs}. */
    public static Bundle around(Path directory) {
        return new Bundle(directory, defaultConfig()).save();
    }

    private static ObjectNode defaultConfig() {
        try (InputStream content = Bundle.class.getResourceAsStream(DEFAULT_CONFIG)) {
            return (ObjectNode) JSON.readTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory() {
        return directory;
    }

    public Path rootfs() {
        return directory.resolve("rootfs");
    }

    public String path() {
        return directory.toString();
    }

    public Bundle runs(String... arguments) {
        return change(config -> {
            ArrayNode list = ((ObjectNode) config.get("process")).putArray("args");
            List.of(arguments).forEach(list::add);
        });
    }

    /** Its process is a shell with this script. */
    public Bundle runsScript(String script) {
        return runs("sh", "-c", script);
    }

    /** Replaces the member that {@code pointer} names, a JSON pointer, by a JSON text. */
    public Bundle with(String pointer, String json) {
        JsonNode value = OciRuntime.json(json);
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = config.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1);
        switch (parent) {
            case ObjectNode object -> object.set(name, value);
            case ArrayNode array when name.equals("-") -> array.add(value);
            case ArrayNode array -> array.set(Integer.parseInt(name), value);
            default -> throw new IllegalArgumentException("there is no " + pointer);
        }
        return save();
    }

    /** The cgroup that it asks for. */
    public Bundle inCgroup(String cgroupsPath) {
        return with("/linux/cgroupsPath", quoted(cgroupsPath));
    }

    /** With a terminal. */
    public Bundle withTerminal() {
        return with("/process/terminal", "true");
    }

    /** Adds mounts, as JSON, behind the others. */
    public Bundle withMounts(String mounts) {
        JsonNode added = OciRuntime.json("[" + mounts + "]");
        return change(config -> ((ArrayNode) config.get("mounts")).addAll((ArrayNode) added));
    }

    /** Adds a namespace to those of {@code linux}, as JSON. */
    public Bundle withNamespace(String namespace) {
        return with("/linux/namespaces/-", namespace);
    }

    /** Has a hook run at every moment, and a filter loaded that allows everything. */
    public Bundle withHooksAndSeccomp() {
        String hook = "[{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]";
        return change(config -> {
            ObjectNode hooks = config.putObject("hooks");
            MOMENTS.forEach(moment -> hooks.set(moment, OciRuntime.json(hook)));
            ((ObjectNode) config.get("linux")).putObject("seccomp").put("defaultAction", "SCMP_ACT_ALLOW");
        });
    }

    /** Its root file system belongs to the host's user that is root in user namespaces. */
    public Bundle ownedByMappedRoot() {
        Programs.run("chown", "-R", FIRST_ID + ":" + FIRST_ID, rootfs().toString());
        return this;
    }

    /** Replaces members of {@code linux.resources}. */
    public Bundle withResources(String json) {
        OciRuntime.json(json)
                .properties()
                .forEach(entry -> with(
                        "/linux/resources/" + entry.getKey(), entry.getValue().toString()));
        return this;
    }

    /** Replaces its configuration. */
    public Bundle withConfig(String json) {
        config = (ObjectNode) OciRuntime.json(json);
        return save();
    }

    public ObjectNode config() {
        return config;
    }

    public Bundle without(String pointer) {
        int slash = pointer.lastIndexOf('/');
        ((ObjectNode) config.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
        return save();
    }

    public Bundle withoutNamespace(String type) {
        return change(config -> {
            ArrayNode namespaces = (ArrayNode) config.at("/linux/namespaces");
            for (int i = namespaces.size() - 1; i >= 0; i--) {
                if (namespaces.get(i).get("type").asText().equals(type)) {
                    namespaces.remove(i);
                }
            }
        });
    }

    /** Without its mounts of this type. */
    public Bundle withoutMount(String type) {
        return change(config -> {
            ArrayNode mounts = (ArrayNode) config.get("mounts");
            for (int i = mounts.size() - 1; i >= 0; i--) {
                if (mounts.get(i).path("type").asText().equals(type)) {
                    mounts.remove(i);
                }
            }
        });
    }

    /** Its namespace of this type is the one at {@code path}. */
    public Bundle joining(String type, Path path) {
        withoutNamespace(type);
        return withNamespace("{\"type\": \"%s\", \"path\": \"%s\"}".formatted(type, path));
    }

    /** It has a user namespace, with ids from {@link #FIRST_ID} on the host. */
    public Bundle inUserNamespace() {
        String mappings = "[{\"containerID\": 0, \"hostID\": %d, \"size\": 65536}]".formatted(FIRST_ID);
        return withNamespace("{\"type\": \"user\"}")
                .with("/linux/uidMappings", mappings)
                .with("/linux/gidMappings", mappings);
    }

    /** Writes something else than its configuration. */
    public Bundle withConfigText(String text) {
        try {
            Files.writeString(directory.resolve("config.json"), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file in the root file system. */
    public Bundle file(String path, String permissions, String content) {
        try {
            Path file = rootfs().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a symbolic link in the root file system. */
    public Bundle link(String path, String target) {
        try {
            Files.createSymbolicLink(rootfs().resolve(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A hook, as JSON, that runs a shell script whose $0 is {@code name}; {@code more} are further members of it. */
    public static String hook(String name, String script, String... more) {
        String members = more.length == 0 ? "" : ", " + String.join(", ", more);
        return "{\"path\": \"/bin/busybox\", \"args\": [\"sh\", \"-c\", " + quoted(script) + ", " + quoted(name) + "]"
                + members + "}";
    }

    /** A text as JSON. */
    public static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    private Bundle change(Consumer<ObjectNode> edit) {
        edit.accept(config);
        return save();
    }

    private Bundle save() {
        return withConfigText(config.toPrettyString());
    }
}
