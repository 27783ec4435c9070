// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.jrun.cgroup.CgroupPaths;
import dev.jrun.cgroup.MountRoot;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.OwnDirectories.OwnDirectory;
import dev.jrun.launch.DeviceAddress;
import dev.jrun.launch.MovedDevice;
import dev.jrun.launch.SeccompListener;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code state.json}: a {@link ContainerRecord} as JSON, field by field. */
final class RecordFormat {

    private static final JsonFactory FACTORY = new JsonFactory();

    private RecordFormat() {}

    static byte[] write(ContainerRecord container) {
        var bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            ContainerDescription description = container.description();
            json.writeStringField("ociVersion", description.ociVersion());
            json.writeStringField("id", description.id().text());
            json.writeStringField("bundle", description.bundle().toString());
            json.writeStringField("rootfs", description.rootfs().toString());
            json.writeStringField("created", description.created().toString());
            json.writeNumberField("owner", description.owner());
            writeScope(json, container.creator().scope());
            writeProcess(json, "creator", container.creator());
            if (container.init().isPresent()) {
                writeProcess(json, "init", container.init().get());
            }
            writePlaces(json, container.places());
            json.writeBooleanField("endsWithInit", description.endsWithInit());
            writeTexts(json, "annotations", description.annotations());
            writeHooks(json, "poststart", description.hooks().poststart());
            writeHooks(json, "poststop", description.hooks().poststop());
            if (description.listener().isPresent()) {
                writeListener(json, description.listener().get());
            }
            if (container.first().isPresent()) {
                writeStartSteps(json, container.first().get().startSteps());
                writeNetDevices(json, container.first().get().netDevices());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** It is that of all processes in a record. */
    private static void writeScope(JsonGenerator json, PidScope scope) throws IOException {
        json.writeObjectFieldStart("pids");
        json.writeStringField("boot", scope.boot());
        json.writeStringField("namespace", scope.namespace());
        json.writeEndObject();
    }

    private static void writeProcess(JsonGenerator json, String name, ProcessIdentity process) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("pid", process.pid());
        json.writeNumberField("startTime", process.startTime());
        json.writeEndObject();
    }

    private static void writePlaces(JsonGenerator json, ContainerPlaces places) throws IOException {
        writeCgroup(json, places.cgroup());
        if (!places.resctrl().isEmpty()) {
            writeList(
                    json,
                    "resctrl",
                    places.resctrl().stream().map(Path::toString).toList());
        }
        if (places.own().areKnown() || !places.own().all().isEmpty()) {
            writeOwn(json, places.own());
        }
    }

    private static void writeCgroup(JsonGenerator json, CgroupPaths cgroup) throws IOException {
        json.writeObjectFieldStart("cgroup");
        if (cgroup.unified().isPresent()) {
            json.writeStringField("unified", cgroup.unified().get().toString());
        }
        json.writeObjectFieldStart("legacy");
        for (Map.Entry<String, Path> hierarchy : cgroup.legacy().entrySet()) {
            json.writeStringField(hierarchy.getKey(), hierarchy.getValue().toString());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeOwn(JsonGenerator json, OwnDirectories own) throws IOException {
        json.writeObjectFieldStart("own");
        json.writeStringField("boot", own.boot());
        json.writeArrayFieldStart("directories");
        for (OwnDirectory directory : own.all()) {
            json.writeStartObject();
            json.writeStringField("path", directory.path().toString());
            json.writeNumberField("inode", directory.inode());
            json.writeBooleanField("made", directory.made());
            json.writeStringField("mountPoint", directory.root().mountPoint().toString());
            json.writeStringField("mounted", directory.root().identity());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void writeHooks(JsonGenerator json, String name, List<Hook> hooks) throws IOException {
        if (hooks.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (Hook hook : hooks) {
            json.writeStartObject();
            json.writeStringField("path", hook.path());
            writeList(json, "args", hook.args());
            if (hook.env().isPresent()) {
                writeList(json, "env", hook.env().get());
            }
            if (hook.timeout().isPresent()) {
                json.writeNumberField("timeout", hook.timeout().getAsLong());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeListener(JsonGenerator json, SeccompListener listener) throws IOException {
        json.writeObjectFieldStart("listener");
        json.writeStringField("path", listener.path().toString());
        if (listener.metadata().isPresent()) {
            json.writeStringField("metadata", listener.metadata().get());
        }
        json.writeEndObject();
    }

    private static void writeStartSteps(JsonGenerator json, SortedMap<Integer, String> steps) throws IOException {
        json.writeObjectFieldStart("startSteps");
        for (Map.Entry<Integer, String> step : steps.entrySet()) {
            json.writeStringField(Integer.toString(step.getKey()), step.getValue());
        }
        json.writeEndObject();
    }

    private static void writeNetDevices(JsonGenerator json, List<MovedDevice> devices) throws IOException {
        if (devices.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("netDevices");
        for (MovedDevice device : devices) {
            json.writeStartObject();
            json.writeStringField("name", device.name());
            json.writeNumberField("index", device.index());
            json.writeNumberField("inode", device.inode());
            json.writeBooleanField("up", device.up());
            json.writeObjectFieldStart("addresses");
            for (DeviceAddress address : device.addresses()) {
                json.writeStringField(address.text(), address.request());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeList(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if it is something else
     */
    static ContainerRecord read(byte[] document) throws IOException {
        return read(document, Reader::read);
    }

    /**
     * Reads of what {@link #write} wrote no more than the first process.
     *
     * @throws IOException if it is something else
     */
    static Optional<ProcessIdentity> readInit(byte[] document) throws IOException {
        return read(document, Reader::readInit);
    }

    private static <T> T read(byte[] document, Part<T> part) throws IOException {
        try (JsonParser json = FACTORY.createParser(document)) {
            return part.read(new Reader(json));
        } catch (JsonProcessingException e) {
            throw new IOException("not a container's state: " + e.getOriginalMessage(), e);
        } catch (RuntimeException e) {
            throw new IOException("not a container's state: " + e.getMessage(), e);
        }
    }

    /** What of a document is read. */
    private interface Part<T> {
        T read(Reader reader) throws IOException;
    }

    /** A process, as it is written. */
    private record Started(long pid, long startTime) {}

    /** One reading. */
    private static final class Reader {
        private final JsonParser json;
        private String ociVersion;
        private String id;
        private String bundle;
        private String rootfs;
        private String created;
        private int owner;
        private Optional<PidScope> scope = Optional.empty();
        private Started creator;
        private Optional<Started> init = Optional.empty();
        private CgroupPaths cgroup = CgroupPaths.NONE;
        private List<Path> resctrl = List.of();
        private OwnDirectories own = OwnDirectories.NONE;
        private boolean endsWithInit;
        private Map<String, String> annotations = Map.of();
        private List<Hook> poststart = List.of();
        private List<Hook> poststop = List.of();
        private Optional<SeccompListener> listener = Optional.empty();
        private final SortedMap<Integer, String> startSteps = new TreeMap<>();
        private final List<MovedDevice> netDevices = new ArrayList<>();

        Reader(JsonParser json) {
            this.json = json;
        }

        ContainerRecord read() throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                readField(name);
            }
            return record();
        }

        private ContainerRecord record() {
            var description = new ContainerDescription(
                    ociVersion,
                    new ContainerId(id),
                    Path.of(bundle),
                    Path.of(rootfs),
                    Instant.parse(created),
                    owner,
                    annotations,
                    new Hooks(List.of(), List.of(), List.of(), List.of(), poststart, poststop),
                    listener,
                    endsWithInit);
            Optional<FirstProcess> first = init.isPresent()
                    ? Optional.of(new FirstProcess(process(init.get()), startSteps, netDevices))
                    : Optional.empty();
            return new ContainerRecord(description, new ContainerPlaces(cgroup, resctrl, own), process(creator), first);
        }

        /** Older versions have said of which start of the machine the directories are, and not where pids are of. */
        private ProcessIdentity process(Started process) {
            return new ProcessIdentity(
                    process.pid(), process.startTime(), scope.isPresent() ? scope.get() : new PidScope(own.boot(), ""));
        }

        /** What it is a process of stands before it. */
        Optional<ProcessIdentity> readInit() throws IOException {
            json.nextToken();
            while (init.isEmpty() && json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "init", "pids" -> readField(name);
                    default -> json.skipChildren();
                }
            }
            return init.isPresent() ? Optional.of(process(init.get())) : Optional.empty();
        }

        private void readField(String name) throws IOException {
            switch (name) {
                case "ociVersion" -> ociVersion = json.getText();
                case "id" -> id = json.getText();
                case "bundle" -> bundle = json.getText();
                case "rootfs" -> rootfs = json.getText();
                case "created" -> created = json.getText();
                case "owner" -> owner = json.getIntValue();
                case "pids" -> scope = Optional.of(scope());
                case "creator" -> creator = process();
                case "init" -> init = Optional.of(process());
                case "cgroup" -> cgroup = cgroup();
                case "resctrl" -> resctrl = list().stream().map(Path::of).toList();
                case "own" -> own = own();
                case "endsWithInit" -> endsWithInit = json.getBooleanValue();
                case "annotations" -> annotations = texts();
                case "poststart" -> poststart = hooks();
                case "poststop" -> poststop = hooks();
                case "listener" -> listener = Optional.of(listener());
                case "startSteps" -> texts().forEach((index, text) -> startSteps.put(Integer.valueOf(index), text));
                case "netDevices" -> readNetDevices();
                default -> json.skipChildren();
            }
        }

        private void readNetDevices() throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                netDevices.add(netDevice());
            }
        }

        private MovedDevice netDevice() throws IOException {
            String device = "";
            int index = 0;
            long inode = 0;
            boolean up = false;
            List<DeviceAddress> addresses = new ArrayList<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "name" -> device = json.getText();
                    case "index" -> index = json.getIntValue();
                    case "inode" -> inode = json.getLongValue();
                    case "up" -> up = json.getBooleanValue();
                    case "addresses" ->
                        texts().forEach((text, request) -> addresses.add(new DeviceAddress(text, request)));
                    default -> json.skipChildren();
                }
            }
            return new MovedDevice(device, index, inode, up, addresses);
        }

        private PidScope scope() throws IOException {
            Map<String, String> texts = texts();
            return new PidScope(texts.getOrDefault("boot", ""), texts.getOrDefault("namespace", ""));
        }

        private Started process() throws IOException {
            long pid = 0;
            long startTime = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "pid" -> pid = json.getLongValue();
                    case "startTime" -> startTime = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
            return new Started(pid, startTime);
        }

        private CgroupPaths cgroup() throws IOException {
            Optional<Path> unified = Optional.empty();
            SortedMap<String, Path> legacy = new TreeMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "unified" -> unified = Optional.of(Path.of(json.getText()));
                    case "legacy" -> texts().forEach((controllers, path) -> legacy.put(controllers, Path.of(path)));
                    default -> json.skipChildren();
                }
            }
            return new CgroupPaths(unified, legacy);
        }

        private OwnDirectories own() throws IOException {
            String boot = "";
            List<OwnDirectory> directories = new ArrayList<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "boot" -> boot = json.getText();
                    case "directories" -> readOwn(directories);
                    default -> json.skipChildren();
                }
            }
            return new OwnDirectories(boot, directories).recorded();
        }

        private void readOwn(List<OwnDirectory> directories) throws IOException {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                directories.add(ownDirectory());
            }
        }

        private OwnDirectory ownDirectory() throws IOException {
            String path = "";
            long inode = 0;
            boolean made = false;
            MountRoot root = MountRoot.UNSAID;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "path" -> path = json.getText();
                    case "inode" -> inode = json.getLongValue();
                    case "made" -> made = json.getBooleanValue();
                    case "mountPoint" -> root = new MountRoot(Path.of(json.getText()), root.identity());
                    case "mounted" -> root = new MountRoot(root.mountPoint(), json.getText());
                    default -> json.skipChildren();
                }
            }
            return new OwnDirectory(Path.of(path), inode, made, root);
        }

        private List<Hook> hooks() throws IOException {
            List<Hook> hooks = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                hooks.add(hook());
            }
            return hooks;
        }

        private Hook hook() throws IOException {
            String path = "";
            List<String> args = List.of();
            Optional<List<String>> env = Optional.empty();
            OptionalLong timeout = OptionalLong.empty();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "path" -> path = json.getText();
                    case "args" -> args = list();
                    case "env" -> env = Optional.of(list());
                    case "timeout" -> timeout = OptionalLong.of(json.getLongValue());
                    default -> json.skipChildren();
                }
            }
            return new Hook(path, args, env, timeout);
        }

        private SeccompListener listener() throws IOException {
            Map<String, String> texts = texts();
            return new SeccompListener(Path.of(texts.get("path")), Optional.ofNullable(texts.get("metadata")));
        }

        private List<String> list() throws IOException {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                texts.add(json.getText());
            }
            return texts;
        }

        private Map<String, String> texts() throws IOException {
            Map<String, String> texts = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                texts.put(name, json.getText());
            }
            return texts;
        }
    }
}
