// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cgroup.resctrl.ResctrlStatistics;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Bandwidth;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Cache;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Domain;
import dev.jrun.json.JsonWriter;
import java.util.List;
import java.util.Optional;

/** What a container has and uses of caches and memory bandwidth, with the members that runc writes. */
final class ResctrlDocument {

    private final JsonWriter json;

    ResctrlDocument(JsonWriter json) {
        this.json = json;
    }

    void write(ResctrlStatistics statistics) {
        json.beginObject();
        if (statistics.cache().isPresent()) {
            writeCache(statistics.cache().get());
        }
        if (statistics.bandwidth().isPresent()) {
            writeBandwidth(statistics.bandwidth().get());
        }
        writeTraffic(statistics.domains());
        writeOccupancy(statistics.domains());
        json.endObject();
    }

    private void writeCache(Cache cache) {
        json.name("l3_cache_info").beginObject();
        text("cbm_mask", cache.cbmMask());
        unlessZero("min_cbm_bits", cache.minCbmBits());
        unlessZero("num_closids", cache.numClosids());
        json.endObject();
        text("l3_cache_schema_root", cache.rootSchema().orElse(""));
        text("l3_cache_schema", cache.schema().orElse(""));
    }

    private void writeBandwidth(Bandwidth bandwidth) {
        json.name("mem_bw_info").beginObject();
        unlessZero("bandwidth_gran", bandwidth.bandwidthGran());
        unlessZero("delay_linear", bandwidth.delayLinear());
        unlessZero("min_bandwidth", bandwidth.minBandwidth());
        unlessZero("num_closids", bandwidth.numClosids());
        json.endObject();
        text("mem_bw_schema_root", bandwidth.rootSchema().orElse(""));
        text("mem_bw_schema", bandwidth.schema().orElse(""));
    }

    private void writeTraffic(List<Domain> domains) {
        if (domains.isEmpty()
                || domains.getFirst().totalBytes().isEmpty()
                        && domains.getFirst().localBytes().isEmpty()) {
            return;
        }
        json.name("mbm_stats").beginArray();
        for (Domain domain : domains) {
            json.beginObject();
            number("mbm_total_bytes", domain.totalBytes());
            number("mbm_local_bytes", domain.localBytes());
            json.endObject();
        }
        json.endArray();
    }

    private void writeOccupancy(List<Domain> domains) {
        if (domains.isEmpty() || domains.getFirst().occupancy().isEmpty()) {
            return;
        }
        json.name("cmt_stats").beginArray();
        for (Domain domain : domains) {
            json.beginObject();
            number("llc_occupancy", domain.occupancy());
            json.endObject();
        }
        json.endArray();
    }

    private void number(String name, Optional<Long> number) {
        json.name(name).number(Long.toUnsignedString(number.orElse(0L)));
    }

    private void unlessZero(String name, long number) {
        if (number != 0) {
            json.name(name).number(Long.toUnsignedString(number));
        }
    }

    private void text(String name, String text) {
        if (!text.isEmpty()) {
            json.name(name).value(text);
        }
    }
}
