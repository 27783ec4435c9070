// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.limits.UnfinishedUpdate;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.container.limits.UpdatedLimitsFormat;
import dev.jrun.json.JsonReader;
import dev.jrun.json.JsonWriter;
import dev.jrun.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to undo an update, in a file beside the container's state while the update is in progress: a line of JSON for
 * each step, written before the step is taken. Like the cgroup, it need not survive a reboot, so nothing is
 * synchronised.
 */
public final class UpdateJournal implements AutoCloseable {

    static final String FILE = "update.undo";

    private static final String LIMITS = UpdatedLimitsFormat.NAME;
    private static final String STEP_FILE = "file";
    private static final String STEP_VALUE = "value";
    private static final String STEP_DEVICES = "devices";
    private static final String STEP_MANAGER = "manager";

    private final ContainerId id;
    private final OwnDirectory directory;
    private final OutputStream out;

    private UpdateJournal(ContainerId id, OwnDirectory directory, OutputStream out) {
        this.id = id;
        this.directory = directory;
        this.out = out;
    }

    /** Begins one, in place of what an earlier update has left. It closes the directory. */
    static UpdateJournal begin(ContainerId id, OwnDirectory directory, UpdatedLimits before) throws IOException {
        UpdateJournal journal = null;
        try {
            journal = new UpdateJournal(id, directory, directory.make(FILE));
            JsonWriter json = JsonWriter.compact().beginObject();
            UpdatedLimitsFormat.write(json, before);
            write(journal.out, json.endObject());
            return journal;
        } catch (IOException e) {
            if (journal == null) {
                directory.close();
            } else {
                journal.close();
            }
            throw e;
        }
    }

    private static void write(OutputStream out, JsonWriter line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
    }

    /**
     * That this value is to be written to a file.
     *
     * @throws ContainerException if it cannot be kept
     */
    public void note(String file, String value) throws ContainerException {
        append(JsonWriter.compact()
                .beginObject()
                .name(STEP_FILE)
                .value(file)
                .name(STEP_VALUE)
                .value(value)
                .endObject());
    }

    /**
     * That the device rules are to be those of the container's record.
     *
     * @throws ContainerException if it cannot be kept
     */
    public void noteDevices() throws ContainerException {
        append(JsonWriter.compact().beginObject().name(STEP_DEVICES).value(true).endObject());
    }

    /**
     * That whoever manages the container's cgroup is to be told this of it.
     *
     * @throws ContainerException if it cannot be kept
     */
    public void noteManager(String properties) throws ContainerException {
        append(JsonWriter.compact()
                .beginObject()
                .name(STEP_MANAGER)
                .value(properties)
                .endObject());
    }

    private void append(JsonWriter line) throws ContainerException {
        try {
            write(out, line);
        } catch (IOException e) {
            throw StateStore.unwritable(id, e);
        }
    }

    /**
     * Nothing is to be taken back any more.
     *
     * @throws ContainerException if the journal cannot be removed: then all of it is
     */
    public void end() throws ContainerException {
        try {
            directory.remove(FILE);
        } catch (IOException e) {
            throw StateStore.unwritable(id, e);
        }
    }

    @Override
    public void close() {
        try (directory) {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the journal of an update", e);
        }
    }

    /** What an update has left that did not end. Of a line that is not whole the step was not taken. */
    static Optional<UnfinishedUpdate> read(InputStream document) throws IOException {
        try {
            return parse(document);
        } catch (MalformedJsonException e) {
            throw new IOException(FILE + ": " + e.getMessage(), e);
        }
    }

    private static Optional<UnfinishedUpdate> parse(InputStream document) throws IOException, MalformedJsonException {
        String text = new String(document.readAllBytes(), UTF_8);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        List<UnfinishedUpdate.Step> steps = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            steps.addFirst(step(line));
        }
        return Optional.of(new UnfinishedUpdate(limits(lines.getFirst()), steps));
    }

    private static UpdatedLimits limits(String line) throws MalformedJsonException {
        UpdatedLimits limits = UpdatedLimits.NONE;
        try (JsonReader json = JsonReader.of(line.getBytes(UTF_8))) {
            while (json.nextMember()) {
                if (json.name().equals(LIMITS)) {
                    limits = UpdatedLimitsFormat.read(json);
                } else {
                    json.skip();
                }
            }
        }
        return limits;
    }

    private static UnfinishedUpdate.Step step(String line) throws MalformedJsonException {
        String file = "";
        String value = "";
        String manager = "";
        try (JsonReader json = JsonReader.of(line.getBytes(UTF_8))) {
            while (json.nextMember()) {
                switch (json.name()) {
                    case STEP_FILE -> file = json.text();
                    case STEP_VALUE -> value = json.text();
                    case STEP_MANAGER -> manager = json.text();
                    default -> json.skip();
                }
            }
        }
        if (!manager.isEmpty()) {
            return UnfinishedUpdate.Step.ofManager(manager);
        }
        return file.isEmpty() ? UnfinishedUpdate.Step.DEVICES : UnfinishedUpdate.Step.ofFile(file, value);
    }
}
