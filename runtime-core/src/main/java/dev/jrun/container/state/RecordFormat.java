// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.cgroup.driver.PlacesFormat;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.container.limits.UpdatedLimitsFormat;
import dev.jrun.json.JsonReader;
import dev.jrun.json.JsonWriter;
import dev.jrun.json.MalformedJsonException;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.netdev.MovedDevice;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code state.json}: a {@link ContainerRecord} as JSON, field by field. */
final class RecordFormat {

    private static final String START_STEPS = "startSteps";
    private static final String NET_DEVICES = "netDevices";
    private static final String ANNOTATIONS = "annotations";

    private static final int PIECE = 1 << 20;

    private RecordFormat() {}

    /** Characters may take six bytes each, so megabytes of annotations are written piece by piece. */
    static void write(ContainerRecord container, OutputStream out) throws IOException {
        JsonWriter json = JsonWriter.compact();
        json.beginObject();
        ContainerDescription description = container.description();
        json.name("ociVersion").value(description.ociVersion());
        json.name("id").value(description.id().text());
        json.name("bundle").value(description.bundle().toString());
        json.name("rootfs").value(description.rootfs().toString());
        json.name("created").value(description.created().toString());
        json.name("owner").value(description.owner());
        writeScope(json, container.creator().scope());
        writeProcess(json, "creator", container.creator());
        if (container.init().isPresent()) {
            writeProcess(json, "init", container.init().get());
        }
        PlacesFormat.write(json, container.places());
        UpdatedLimitsFormat.write(json, container.updated());
        json.name("endsWithInit").value(description.endsWithInit());
        if (description.callersKeyring()) {
            json.name("callersKeyring").value(true);
        }
        writeAllowed(json, description.annotations().allowed());
        writeHooks(json, "poststart", description.hooks().poststart());
        writeHooks(json, "poststop", description.hooks().poststop());
        if (description.listener().isPresent()) {
            writeListener(json, description.listener().get());
        }
        if (container.first().isPresent()) {
            writeStartSteps(json, container.first().get().startSteps());
            writeNetDevices(json, container.first().get().netDevices());
        }
        // Last, since they may be megabytes that nobody wants to read.
        writeAnnotations(json, description.annotations().all(), out);
        json.endObject();
        out.write(json.take());
    }

    private static void writeAnnotations(JsonWriter json, Map<String, String> annotations, OutputStream out)
            throws IOException {
        json.name(ANNOTATIONS).beginObject();
        var drain = new Pieces(out);
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            json.member(annotation.getKey(), annotation.getValue(), drain);
        }
        json.endObject();
    }

    private record Pieces(OutputStream out) implements JsonWriter.Drain {
        @Override
        public void drain(JsonWriter json) throws IOException {
            if (json.length() >= PIECE) {
                out.write(json.take());
            }
        }
    }

    /** It is that of all processes in a record. */
    private static void writeScope(JsonWriter json, PidScope scope) {
        json.name("pids").beginObject();
        json.name("boot").value(scope.boot());
        json.name("namespace").value(scope.namespace());
        json.endObject();
    }

    private static void writeProcess(JsonWriter json, String name, ProcessIdentity process) {
        json.name(name).beginObject();
        json.name("pid").value(process.pid());
        json.name("startTime").value(process.startTime());
        json.endObject();
    }

    private static void writeAllowed(JsonWriter json, List<Annotation> allowed) {
        if (allowed.isEmpty()) {
            return;
        }
        json.name("allowedAnnotations").beginArray();
        for (Annotation annotation : allowed) {
            json.value(annotation.key());
        }
        json.endArray();
    }

    private static void writeHooks(JsonWriter json, String name, List<Hook> hooks) {
        if (hooks.isEmpty()) {
            return;
        }
        json.name(name).beginArray();
        for (Hook hook : hooks) {
            json.beginObject();
            json.name("path").value(hook.path());
            json.name("args").values(hook.args());
            if (hook.env().isPresent()) {
                json.name("env").values(hook.env().get());
            }
            if (hook.timeout().isPresent()) {
                json.name("timeout").value(hook.timeout().getAsLong());
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void writeListener(JsonWriter json, SeccompListener listener) {
        json.name("listener").beginObject();
        json.name("path").value(listener.path().toString());
        if (listener.metadata().isPresent()) {
            json.name("metadata").value(listener.metadata().get());
        }
        json.endObject();
    }

    private static void writeStartSteps(JsonWriter json, SortedMap<Integer, String> steps) {
        json.name(START_STEPS).beginObject();
        for (Map.Entry<Integer, String> step : steps.entrySet()) {
            json.name(Integer.toString(step.getKey())).value(step.getValue());
        }
        json.endObject();
    }

    private static void writeNetDevices(JsonWriter json, List<MovedDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        json.name(NET_DEVICES).beginArray();
        for (MovedDevice device : devices) {
            json.beginObject();
            json.name("name").value(device.name());
            json.name("index").value(device.index());
            json.name("inode").value(device.inode());
            json.name("up").value(device.up());
            json.name("addresses").beginObject();
            for (DeviceAddress address : device.addresses()) {
                json.name(address.text()).value(address.request());
            }
            json.endObject();
            json.endObject();
        }
        json.endArray();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if it is something else
     */
    static ContainerRecord read(InputStream document) throws IOException {
        return read(document, Reader::read);
    }

    /**
     * Reads likewise all but the annotations.
     *
     * @throws IOException if it is something else
     */
    static ContainerRecord readWithoutAnnotations(InputStream document) throws IOException {
        return read(document, Reader::readWithoutAnnotations);
    }

    private static ContainerRecord read(InputStream document, Part part) throws IOException {
        try (JsonReader json = JsonReader.of(document)) {
            return part.read(new Reader(json));
        } catch (UncheckedIOException unread) {
            throw unread.getCause();
        } catch (MalformedJsonException | RuntimeException e) {
            throw new IOException("not a container's state: " + e.getMessage(), e);
        }
    }

    /** What of a document is read. */
    private interface Part {
        ContainerRecord read(Reader reader) throws MalformedJsonException;
    }

    /** A process, as it is written. */
    private record Started(long pid, long startTime) {}

    /** One reading. */
    private static final class Reader {
        private final JsonReader json;
        private String ociVersion;
        private String id;
        private String bundle;
        private String rootfs;
        private String created;
        private int owner;
        private Optional<PidScope> scope = Optional.empty();
        private Started creator;
        private Optional<Started> init = Optional.empty();
        private final PlacesFormat.Reader places;
        private boolean endsWithInit;
        private boolean callersKeyring;
        private Map<String, String> annotations = Map.of();
        private List<Annotation> allowed = List.of();
        private List<Hook> poststart = List.of();
        private List<Hook> poststop = List.of();
        private Optional<SeccompListener> listener = Optional.empty();
        private final SortedMap<Integer, String> startSteps = new TreeMap<>();
        private final List<MovedDevice> netDevices = new ArrayList<>();
        private UpdatedLimits updated = UpdatedLimits.NONE;

        Reader(JsonReader json) {
            this.json = json;
            this.places = new PlacesFormat.Reader(json);
        }

        ContainerRecord read() throws MalformedJsonException {
            while (json.nextMember()) {
                readField();
            }
            return record();
        }

        /** Where they are last, which they were not in older versions, no more is read. */
        ContainerRecord readWithoutAnnotations() throws MalformedJsonException {
            String before = "";
            while (json.nextMember()) {
                String name = json.name();
                if (!name.equals(ANNOTATIONS)) {
                    readField();
                } else if (before.equals(START_STEPS) || before.equals(NET_DEVICES)) {
                    return record();
                } else {
                    json.skip();
                }
                before = name;
            }
            return record();
        }

        private ContainerRecord record() {
            var description = new ContainerDescription(
                    present("ociVersion", ociVersion),
                    new ContainerId(present("id", id)),
                    Path.of(present("bundle", bundle)),
                    Path.of(present("rootfs", rootfs)),
                    Instant.parse(present("created", created)),
                    owner,
                    new Annotations(annotations, allowed),
                    new Hooks(List.of(), List.of(), List.of(), List.of(), poststart, poststop),
                    listener,
                    endsWithInit,
                    callersKeyring);
            Optional<FirstProcess> first = init.isPresent()
                    ? Optional.of(new FirstProcess(process(init.get()), startSteps, netDevices))
                    : Optional.empty();
            return new ContainerRecord(
                    description, places.places(), process(present("creator", creator)), first, updated);
        }

        private static <T> T present(String name, T value) {
            if (value == null) {
                throw new IllegalStateException("it has no \"" + name + '"');
            }
            return value;
        }

        /** Older versions have said of which start of the machine the directories are, and not where pids are of. */
        private ProcessIdentity process(Started process) {
            return new ProcessIdentity(
                    process.pid(),
                    process.startTime(),
                    scope.isPresent() ? scope.get() : new PidScope(places.boot(), ""));
        }

        private void readField() throws MalformedJsonException {
            switch (json.name()) {
                case "ociVersion" -> ociVersion = json.text();
                case "id" -> id = json.text();
                case "bundle" -> bundle = json.text();
                case "rootfs" -> rootfs = json.text();
                case "created" -> created = json.text();
                case "owner" -> owner = json.smallNumber();
                case "pids" -> scope = Optional.of(scope());
                case "creator" -> creator = process();
                case "init" -> init = Optional.of(process());
                case "endsWithInit" -> endsWithInit = json.truth();
                case "callersKeyring" -> callersKeyring = json.truth();
                case ANNOTATIONS -> annotations = json.textsByName();
                case "allowedAnnotations" -> allowed = allowed();
                case "poststart" -> poststart = hooks();
                case "poststop" -> poststop = hooks();
                case "listener" -> listener = Optional.of(listener());
                case START_STEPS ->
                    json.textsByName().forEach((index, text) -> startSteps.put(Integer.valueOf(index), text));
                case NET_DEVICES -> readNetDevices();
                case UpdatedLimitsFormat.NAME -> updated = UpdatedLimitsFormat.read(json);
                default -> places.read();
            }
        }

        private List<Annotation> allowed() throws MalformedJsonException {
            List<Annotation> allowed = new ArrayList<>();
            for (String key : json.texts()) {
                Annotation.allowable(key).ifPresent(allowed::add);
            }
            return allowed;
        }

        private void readNetDevices() throws MalformedJsonException {
            while (json.nextObject()) {
                netDevices.add(netDevice());
            }
        }

        private MovedDevice netDevice() throws MalformedJsonException {
            String device = "";
            int index = 0;
            long inode = 0;
            boolean up = false;
            List<DeviceAddress> addresses = new ArrayList<>();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "name" -> device = json.text();
                    case "index" -> index = json.smallNumber();
                    case "inode" -> inode = json.number();
                    case "up" -> up = json.truth();
                    case "addresses" ->
                        json.textsByName().forEach((text, request) -> addresses.add(new DeviceAddress(text, request)));
                    default -> json.skip();
                }
            }
            return new MovedDevice(device, index, inode, up, addresses);
        }

        private PidScope scope() throws MalformedJsonException {
            Map<String, String> texts = json.textsByName();
            return new PidScope(texts.getOrDefault("boot", ""), texts.getOrDefault("namespace", ""));
        }

        private Started process() throws MalformedJsonException {
            long pid = 0;
            long startTime = 0;
            while (json.nextMember()) {
                switch (json.name()) {
                    case "pid" -> pid = json.number();
                    case "startTime" -> startTime = json.number();
                    default -> json.skip();
                }
            }
            return new Started(pid, startTime);
        }

        private List<Hook> hooks() throws MalformedJsonException {
            List<Hook> hooks = new ArrayList<>();
            while (json.nextObject()) {
                hooks.add(hook());
            }
            return hooks;
        }

        private Hook hook() throws MalformedJsonException {
            String path = "";
            List<String> args = List.of();
            Optional<List<String>> env = Optional.empty();
            OptionalLong timeout = OptionalLong.empty();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "path" -> path = json.text();
                    case "args" -> args = json.texts();
                    case "env" -> env = Optional.of(json.texts());
                    case "timeout" -> timeout = OptionalLong.of(json.number());
                    default -> json.skip();
                }
            }
            return new Hook(path, args, env, timeout);
        }

        private SeccompListener listener() throws MalformedJsonException {
            Map<String, String> texts = json.textsByName();
            return new SeccompListener(Path.of(texts.get("path")), Optional.ofNullable(texts.get("metadata")));
        }
    }
}
