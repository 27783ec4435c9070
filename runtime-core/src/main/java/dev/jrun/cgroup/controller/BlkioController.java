// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.BlkioStatistics.Entry;
import dev.jrun.cgroup.statistics.BlkioStatistics.Scheduling;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.ThrottleDevice;
import dev.jrun.spec.Resources.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A container's share of disks: {@code linux.resources.blockIO}. Its controller is {@code blkio} on cgroup v1 and
 * {@code io} on cgroup v2.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#io">io on cgroup v2</a>
 * @see <a href="https://docs.kernel.org/block/bfq-iosched.html">BFQ</a>
 */
public final class BlkioController implements ReportingController<BlkioStatistics> {
    private static final String BLOCK_IO = "/linux/resources/blockIO";
    private static final String WEIGHT = BLOCK_IO + "/weight";
    private static final String LEAF_WEIGHT = BLOCK_IO + "/leafWeight";
    private static final String NO_LEAVES =
            "cgroup v2 has no weight of a cgroup's own processes apart from those below";
    private static final String IO_STAT = "io.stat";
    private static final String BFQ = "blkio.bfq";
    private static final String RULE = "the kernel takes weights from 10 to 1000";
    private static final String NO_DISK = "the kernel takes numbers of whole disks that are there";

    @Override
    public String name() {
        return "blkio";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        BlockIO blockIO = resources.blockIO();
        if (asksForNothing(blockIO)) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name(), "io", writing);
        if (files.areLegacy()) {
            applyLegacyWeights(files, blockIO);
        } else {
            applyUnifiedWeights(files, blockIO);
        }
        for (Throttle throttle : Throttle.values()) {
            List<ThrottleDevice> devices = throttle.devices(blockIO);
            for (int i = 0; i < devices.size(); i++) {
                throttle.write(files, devices.get(i), BLOCK_IO + "/" + throttle.property + "/" + i);
            }
        }
    }

    private static boolean asksForNothing(BlockIO blockIO) {
        return blockIO.weight().isEmpty()
                && blockIO.leafWeight().orElse(0) == 0
                && blockIO.weightDevice().isEmpty()
                && blockIO.throttleReadBpsDevice().isEmpty()
                && blockIO.throttleWriteBpsDevice().isEmpty()
                && blockIO.throttleReadIOPSDevice().isEmpty()
                && blockIO.throttleWriteIOPSDevice().isEmpty();
    }

    private static void applyLegacyWeights(ControllerFiles files, BlockIO blockIO) throws CgroupException {
        // The second is CFQ's, which Linux had before 5.0.
        boolean bfq = files.have("blkio.bfq.weight");
        String name = bfq ? "blkio.bfq.weight" : "blkio.weight";
        if (blockIO.weight().isPresent()) {
            files.write(name, Integer.toString(blockIO.weight().getAsInt()), WEIGHT, RULE);
        }
        if (blockIO.leafWeight().orElse(0) != 0) {
            files.write(
                    "blkio.leaf_weight", Integer.toString(blockIO.leafWeight().getAsInt()), LEAF_WEIGHT, RULE);
        }
        for (int i = 0; i < blockIO.weightDevice().size(); i++) {
            WeightDevice device = blockIO.weightDevice().get(i);
            if (device.weight().orElse(0) != 0) {
                String weight = Integer.toString(device.weight().getAsInt());
                writeOf(device, files, name + "_device", weight, bfq ? "default" : "0", weightDevice(i) + "/weight");
            }
            if (device.leafWeight().orElse(0) != 0) {
                String weight = Integer.toString(device.leafWeight().getAsInt());
                writeOf(device, files, "blkio.leaf_weight_device", weight, "0", weightDevice(i) + "/leafWeight");
            }
        }
    }

    private static void applyUnifiedWeights(ControllerFiles files, BlockIO blockIO) throws CgroupException {
        UnifiedWeight weights = files.have(UnifiedWeight.BFQ.file) ? UnifiedWeight.BFQ : UnifiedWeight.COST;
        if (blockIO.weight().isPresent()) {
            String weight = weights.of(blockIO.weight().getAsInt());
            files.write(weights.file, FormerValue.line("default", "default 100"), weight, WEIGHT, RULE);
        }
        if (blockIO.leafWeight().orElse(0) != 0) {
            throw files.failure(LEAF_WEIGHT, NO_LEAVES);
        }
        for (int i = 0; i < blockIO.weightDevice().size(); i++) {
            WeightDevice device = blockIO.weightDevice().get(i);
            if (device.weight().orElse(0) != 0) {
                String weight = weights.of(device.weight().getAsInt());
                writeOf(device, files, weights.file, weight, "default", weightDevice(i) + "/weight");
            }
            if (device.leafWeight().orElse(0) != 0) {
                throw files.failure(weightDevice(i) + "/leafWeight", NO_LEAVES);
            }
        }
    }

    /** @param none what a device has that has no weight of its own */
    private static void writeOf(
            WeightDevice device, ControllerFiles files, String name, String weight, String none, String pointer)
            throws CgroupException {
        String number = device.major() + ":" + device.minor();
        files.write(name, FormerValue.line(number, number + " " + none), number + " " + weight, pointer, RULE);
    }

    private static String weightDevice(int index) {
        return BLOCK_IO + "/weightDevice/" + index;
    }

    /** What shares a disk by weights on cgroup v2: the scheduler BFQ, or the cost model, with weights of its own. */
    private enum UnifiedWeight {
        BFQ("io.bfq.weight", weight -> weight),
        COST("io.weight", BlkioController::costWeight);

        private final String file;
        private final IntUnaryOperator scale;

        UnifiedWeight(String file, IntUnaryOperator scale) {
            this.file = file;
            this.scale = scale;
        }

        /** What is written for a weight of a document. */
        String of(int weight) {
            return Integer.toString(scale.applyAsInt(weight));
        }
    }

    /** A limit of what is read from or written to a device in a second. */
    private enum Throttle {
        READ_BYTES("throttleReadBpsDevice", "blkio.throttle.read_bps_device", "rbps"),
        WRITTEN_BYTES("throttleWriteBpsDevice", "blkio.throttle.write_bps_device", "wbps"),
        READS("throttleReadIOPSDevice", "blkio.throttle.read_iops_device", "riops"),
        WRITES("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", "wiops");

        private final String property;
        private final String legacyFile;
        private final String unifiedKey;

        Throttle(String property, String legacyFile, String unifiedKey) {
            this.property = property;
            this.legacyFile = legacyFile;
            this.unifiedKey = unifiedKey;
        }

        List<ThrottleDevice> devices(BlockIO blockIO) {
            return switch (this) {
                case READ_BYTES -> blockIO.throttleReadBpsDevice();
                case WRITTEN_BYTES -> blockIO.throttleWriteBpsDevice();
                case READS -> blockIO.throttleReadIOPSDevice();
                case WRITES -> blockIO.throttleWriteIOPSDevice();
            };
        }

        /** A rate of 0 is none, as cgroup v1 has it. */
        void write(ControllerFiles files, ThrottleDevice device, String pointer) throws CgroupException {
            String number = device.major() + ":" + device.minor();
            String rate = Long.toUnsignedString(device.rate());
            if (files.areLegacy()) {
                FormerValue former = FormerValue.line(number, number + " 0");
                files.write(legacyFile, former, number + " " + rate, pointer, NO_DISK);
            } else {
                String limit = device.rate() == 0 ? "max" : rate;
                FormerValue former = FormerValue.line(number, number + " rbps=max wbps=max riops=max wiops=max");
                files.write("io.max", former, number + " " + unifiedKey + "=" + limit, pointer, NO_DISK);
            }
        }
    }

    @Override
    public Optional<BlkioStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, name(), "io");
        return files.areLegacy() ? legacyReport(files) : unifiedReport(files);
    }

    /** What BFQ counts, if it is in use; else what everything counts that passes to the devices. */
    private static Optional<BlkioStatistics> legacyReport(ControllerFiles files) throws CgroupException {
        if (!files.have("blkio.throttle.io_service_bytes")) {
            return Optional.empty();
        }
        List<Entry> scheduled = legacyEntries(files, BFQ + ".io_service_bytes_recursive");
        return Optional.of(
                scheduled.isEmpty()
                        ? new BlkioStatistics(
                                legacyEntries(files, "blkio.throttle.io_service_bytes_recursive"),
                                legacyEntries(files, "blkio.throttle.io_serviced_recursive"),
                                Scheduling.NONE)
                        : new BlkioStatistics(
                                scheduled, legacyEntries(files, BFQ + ".io_serviced_recursive"), scheduling(files)));
    }

    private static Scheduling scheduling(ControllerFiles files) throws CgroupException {
        if (!files.have(BFQ + ".time_recursive")) {
            return Scheduling.NONE;
        }
        return new Scheduling(
                legacyEntries(files, BFQ + ".io_queued_recursive"),
                legacyEntries(files, BFQ + ".io_service_time_recursive"),
                legacyEntries(files, BFQ + ".io_wait_time_recursive"),
                legacyEntries(files, BFQ + ".io_merged_recursive"),
                legacyEntries(files, BFQ + ".time_recursive"),
                legacyEntries(files, BFQ + ".sectors_recursive"));
    }

    /** Lines such as {@code 8:0 Read 4096}, or {@code 8:0 4096}; the last one, {@code Total 4096}, is of no device. */
    private static List<Entry> legacyEntries(ControllerFiles files, String name) throws CgroupException {
        List<Entry> entries = new ArrayList<>();
        for (String line : files.lines(name)) {
            String[] fields = line.split("[ :]");
            if (fields.length == 3 || fields.length == 4) {
                entries.add(new Entry(
                        files.parse(name, fields[0]),
                        files.parse(name, fields[1]),
                        fields.length == 4 ? fields[2] : "",
                        files.parse(name, fields[fields.length - 1])));
            } else if (!fields[0].equals("Total")) {
                throw files.malformed(name, line);
            }
        }
        return entries;
    }

    /**
     * Lines such as {@code 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. With the cost model more than one
     * space may stand between fields; a device without statistics may have no fields, and on some kernels no end of its
     * line either.
     */
    private static Optional<BlkioStatistics> unifiedReport(ControllerFiles files) throws CgroupException {
        if (!files.have(IO_STAT)) {
            return Optional.empty();
        }
        List<Entry> bytes = new ArrayList<>();
        List<Entry> operations = new ArrayList<>();
        for (String line : files.lines(IO_STAT)) {
            String device = "";
            for (String word : line.trim().split("\\s+")) {
                if (word.indexOf('=') < 0) {
                    device = word;
                } else {
                    addUnified(files, device, word, "bytes", bytes);
                    addUnified(files, device, word, "ios", operations);
                }
            }
        }
        return Optional.of(new BlkioStatistics(bytes, operations, Scheduling.NONE));
    }

    /** Other fields, such as those of the cost model, begin with no letter of an operation or end otherwise. */
    private static void addUnified(ControllerFiles files, String device, String field, String unit, List<Entry> entries)
            throws CgroupException {
        int equals = field.indexOf('=');
        String operation = operation(field.charAt(0));
        if (!operation.isEmpty() && field.substring(1, equals).equals(unit)) {
            int colon = device.indexOf(':');
            if (colon < 0) {
                throw files.malformed(IO_STAT, device + " " + field);
            }
            entries.add(new Entry(
                    files.parse(IO_STAT, device.substring(0, colon)),
                    files.parse(IO_STAT, device.substring(colon + 1)),
                    operation,
                    files.parse(IO_STAT, field.substring(equals + 1))));
        }
    }

    private static String operation(char letter) {
        return switch (letter) {
            case 'r' -> "Read";
            case 'w' -> "Write";
            case 'd' -> "Discard";
            default -> "";
        };
    }

    /**
     * The {@code io.weight} of the cost model (blk-iocost), 1 to 10000, for a weight of 10 to 1000, as runc and crun
     * convert it.
     */
    static int costWeight(int weight) {
        return Math.max(1, 1 + (weight - 10) * 9999 / 990);
    }
}
