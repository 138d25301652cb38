// Generated from common/wire/proto by `npm run gen`. Do not edit.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const nacre = $root.nacre = (() => {

    const nacre = {};

    nacre.Envelope = (function() {

        const Envelope = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Envelope.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Envelope.prototype.payloadFrames = 0;
        Envelope.prototype.deadlineMs = 0;
        Envelope.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Envelope.prototype.error = null;
        Envelope.prototype.hello = null;
        Envelope.prototype.cancel = null;
        Envelope.prototype.ping = null;
        Envelope.prototype.pong = null;
        Envelope.prototype.mapSubscribeRequest = null;
        Envelope.prototype.mapSubscribeReply = null;
        Envelope.prototype.mapUpdate = null;
        Envelope.prototype.mapGetRequest = null;
        Envelope.prototype.mapGetReply = null;
        Envelope.prototype.osdBootRequest = null;
        Envelope.prototype.osdBootReply = null;
        Envelope.prototype.osdBeaconRequest = null;
        Envelope.prototype.osdBeaconReply = null;
        Envelope.prototype.failureReportRequest = null;
        Envelope.prototype.failureReportReply = null;
        Envelope.prototype.pgCertifyRequest = null;
        Envelope.prototype.pgCertifyReply = null;
        Envelope.prototype.mdsBeaconRequest = null;
        Envelope.prototype.mdsBeaconReply = null;
        Envelope.prototype.clientBeaconRequest = null;
        Envelope.prototype.clientBeaconReply = null;
        Envelope.prototype.commandRequest = null;
        Envelope.prototype.commandReply = null;
        Envelope.prototype.statfsRequest = null;
        Envelope.prototype.statfsReply = null;
        Envelope.prototype.osdOpRequest = null;
        Envelope.prototype.osdOpReply = null;
        Envelope.prototype.repOp = null;
        Envelope.prototype.repAck = null;
        Envelope.prototype.pgQueryRequest = null;
        Envelope.prototype.pgQueryReply = null;
        Envelope.prototype.pgLogRequest = null;
        Envelope.prototype.pgLogReply = null;
        Envelope.prototype.pgActivateRequest = null;
        Envelope.prototype.pgActivateReply = null;
        Envelope.prototype.pgResetRequest = null;
        Envelope.prototype.pgResetReply = null;
        Envelope.prototype.pgListRequest = null;
        Envelope.prototype.pgListReply = null;
        Envelope.prototype.pushRequest = null;
        Envelope.prototype.pushReply = null;
        Envelope.prototype.pullRequest = null;
        Envelope.prototype.pullReply = null;
        Envelope.prototype.pgStrayRequest = null;
        Envelope.prototype.pgStrayReply = null;
        Envelope.prototype.pgTurnRequest = null;
        Envelope.prototype.pgTurnReply = null;
        Envelope.prototype.pgTurnEnd = null;
        Envelope.prototype.pgYield = null;
        Envelope.prototype.scrubReserveRequest = null;
        Envelope.prototype.scrubReserveReply = null;
        Envelope.prototype.scrubMapRequest = null;
        Envelope.prototype.scrubMapReply = null;
        Envelope.prototype.scrubRepairRequest = null;
        Envelope.prototype.scrubRepairReply = null;
        Envelope.prototype.scrubRecordRequest = null;
        Envelope.prototype.scrubRecordReply = null;
        Envelope.prototype.scrubRelease = null;
        Envelope.prototype.copyDamaged = null;
        Envelope.prototype.pgReserveRequest = null;
        Envelope.prototype.pgReserveReply = null;
        Envelope.prototype.pgReadRequest = null;
        Envelope.prototype.pgReadReply = null;
        Envelope.prototype.sessionOpenRequest = null;
        Envelope.prototype.sessionOpenReply = null;
        Envelope.prototype.sessionRenewRequest = null;
        Envelope.prototype.sessionRenewReply = null;
        Envelope.prototype.sessionCloseRequest = null;
        Envelope.prototype.sessionCloseReply = null;
        Envelope.prototype.allocateInosRequest = null;
        Envelope.prototype.allocateInosReply = null;
        Envelope.prototype.journalSafe = null;
        Envelope.prototype.journalFlushRequest = null;
        Envelope.prototype.journalFlushReply = null;
        Envelope.prototype.capRecall = null;
        Envelope.prototype.capGrant = null;
        Envelope.prototype.capUpdateRequest = null;
        Envelope.prototype.capUpdateReply = null;
        Envelope.prototype.capReleaseRequest = null;
        Envelope.prototype.capReleaseReply = null;
        Envelope.prototype.sessionTrim = null;
        Envelope.prototype.lookupRequest = null;
        Envelope.prototype.lookupReply = null;
        Envelope.prototype.getAttrRequest = null;
        Envelope.prototype.getAttrReply = null;
        Envelope.prototype.setAttrRequest = null;
        Envelope.prototype.setAttrReply = null;
        Envelope.prototype.setXattrRequest = null;
        Envelope.prototype.setXattrReply = null;
        Envelope.prototype.removeXattrRequest = null;
        Envelope.prototype.removeXattrReply = null;
        Envelope.prototype.createRequest = null;
        Envelope.prototype.createReply = null;
        Envelope.prototype.openRequest = null;
        Envelope.prototype.openReply = null;
        Envelope.prototype.linkRequest = null;
        Envelope.prototype.linkReply = null;
        Envelope.prototype.unlinkRequest = null;
        Envelope.prototype.unlinkReply = null;
        Envelope.prototype.renameRequest = null;
        Envelope.prototype.renameReply = null;
        Envelope.prototype.readDirRequest = null;
        Envelope.prototype.readDirReply = null;
        Envelope.prototype.appendRequest = null;
        Envelope.prototype.appendReply = null;
        Envelope.prototype.lockRequest = null;
        Envelope.prototype.lockReply = null;
        Envelope.prototype.lockCancelRequest = null;
        Envelope.prototype.lockCancelReply = null;
        Envelope.prototype.lockGranted = null;
        Envelope.prototype.getXattrRequest = null;
        Envelope.prototype.getXattrReply = null;
        Envelope.prototype.growRequest = null;
        Envelope.prototype.growReply = null;
        Envelope.prototype.quotaRequest = null;
        Envelope.prototype.quotaReply = null;

        let $oneOfFields;

        $Object.defineProperty(Envelope.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["hello", "cancel", "ping", "pong", "mapSubscribeRequest", "mapSubscribeReply", "mapUpdate", "mapGetRequest", "mapGetReply", "osdBootRequest", "osdBootReply", "osdBeaconRequest", "osdBeaconReply", "failureReportRequest", "failureReportReply", "pgCertifyRequest", "pgCertifyReply", "mdsBeaconRequest", "mdsBeaconReply", "clientBeaconRequest", "clientBeaconReply", "commandRequest", "commandReply", "statfsRequest", "statfsReply", "osdOpRequest", "osdOpReply", "repOp", "repAck", "pgQueryRequest", "pgQueryReply", "pgLogRequest", "pgLogReply", "pgActivateRequest", "pgActivateReply", "pgResetRequest", "pgResetReply", "pgListRequest", "pgListReply", "pushRequest", "pushReply", "pullRequest", "pullReply", "pgStrayRequest", "pgStrayReply", "pgTurnRequest", "pgTurnReply", "pgTurnEnd", "pgYield", "scrubReserveRequest", "scrubReserveReply", "scrubMapRequest", "scrubMapReply", "scrubRepairRequest", "scrubRepairReply", "scrubRecordRequest", "scrubRecordReply", "scrubRelease", "copyDamaged", "pgReserveRequest", "pgReserveReply", "pgReadRequest", "pgReadReply", "sessionOpenRequest", "sessionOpenReply", "sessionRenewRequest", "sessionRenewReply", "sessionCloseRequest", "sessionCloseReply", "allocateInosRequest", "allocateInosReply", "journalSafe", "journalFlushRequest", "journalFlushReply", "capRecall", "capGrant", "capUpdateRequest", "capUpdateReply", "capReleaseRequest", "capReleaseReply", "sessionTrim", "lookupRequest", "lookupReply", "getAttrRequest", "getAttrReply", "setAttrRequest", "setAttrReply", "setXattrRequest", "setXattrReply", "removeXattrRequest", "removeXattrReply", "createRequest", "createReply", "openRequest", "openReply", "linkRequest", "linkReply", "unlinkRequest", "unlinkReply", "renameRequest", "renameReply", "readDirRequest", "readDirReply", "appendRequest", "appendReply", "lockRequest", "lockReply", "lockCancelRequest", "lockCancelReply", "lockGranted", "getXattrRequest", "getXattrReply", "growRequest", "growReply", "quotaRequest", "quotaReply"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Envelope.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(8).uint64(message.id);
            if (message.payloadFrames != null && $Object.hasOwnProperty.call(message, "payloadFrames") && message.payloadFrames !== 0)
                writer.uint32(16).uint32(message.payloadFrames);
            if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && message.deadlineMs !== 0)
                writer.uint32(24).uint32(message.deadlineMs);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(32).uint64(message.epoch);
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.nacre.ErrorInfo.encode(message.error, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                $root.nacre.Hello.encode(message.hello, writer.uint32(130).fork(), _depth + 1).ldelim();
            if (message.cancel != null && $Object.hasOwnProperty.call(message, "cancel"))
                $root.nacre.Cancel.encode(message.cancel, writer.uint32(138).fork(), _depth + 1).ldelim();
            if (message.ping != null && $Object.hasOwnProperty.call(message, "ping"))
                $root.nacre.Ping.encode(message.ping, writer.uint32(146).fork(), _depth + 1).ldelim();
            if (message.pong != null && $Object.hasOwnProperty.call(message, "pong"))
                $root.nacre.Pong.encode(message.pong, writer.uint32(154).fork(), _depth + 1).ldelim();
            if (message.mapSubscribeRequest != null && $Object.hasOwnProperty.call(message, "mapSubscribeRequest"))
                $root.nacre.MapSubscribeRequest.encode(message.mapSubscribeRequest, writer.uint32(802).fork(), _depth + 1).ldelim();
            if (message.mapSubscribeReply != null && $Object.hasOwnProperty.call(message, "mapSubscribeReply"))
                $root.nacre.MapSubscribeReply.encode(message.mapSubscribeReply, writer.uint32(810).fork(), _depth + 1).ldelim();
            if (message.mapUpdate != null && $Object.hasOwnProperty.call(message, "mapUpdate"))
                $root.nacre.MapUpdate.encode(message.mapUpdate, writer.uint32(818).fork(), _depth + 1).ldelim();
            if (message.mapGetRequest != null && $Object.hasOwnProperty.call(message, "mapGetRequest"))
                $root.nacre.MapGetRequest.encode(message.mapGetRequest, writer.uint32(826).fork(), _depth + 1).ldelim();
            if (message.mapGetReply != null && $Object.hasOwnProperty.call(message, "mapGetReply"))
                $root.nacre.MapGetReply.encode(message.mapGetReply, writer.uint32(834).fork(), _depth + 1).ldelim();
            if (message.osdBootRequest != null && $Object.hasOwnProperty.call(message, "osdBootRequest"))
                $root.nacre.OsdBootRequest.encode(message.osdBootRequest, writer.uint32(842).fork(), _depth + 1).ldelim();
            if (message.osdBootReply != null && $Object.hasOwnProperty.call(message, "osdBootReply"))
                $root.nacre.OsdBootReply.encode(message.osdBootReply, writer.uint32(850).fork(), _depth + 1).ldelim();
            if (message.osdBeaconRequest != null && $Object.hasOwnProperty.call(message, "osdBeaconRequest"))
                $root.nacre.OsdBeaconRequest.encode(message.osdBeaconRequest, writer.uint32(858).fork(), _depth + 1).ldelim();
            if (message.osdBeaconReply != null && $Object.hasOwnProperty.call(message, "osdBeaconReply"))
                $root.nacre.OsdBeaconReply.encode(message.osdBeaconReply, writer.uint32(866).fork(), _depth + 1).ldelim();
            if (message.failureReportRequest != null && $Object.hasOwnProperty.call(message, "failureReportRequest"))
                $root.nacre.FailureReportRequest.encode(message.failureReportRequest, writer.uint32(874).fork(), _depth + 1).ldelim();
            if (message.failureReportReply != null && $Object.hasOwnProperty.call(message, "failureReportReply"))
                $root.nacre.FailureReportReply.encode(message.failureReportReply, writer.uint32(882).fork(), _depth + 1).ldelim();
            if (message.pgCertifyRequest != null && $Object.hasOwnProperty.call(message, "pgCertifyRequest"))
                $root.nacre.PgCertifyRequest.encode(message.pgCertifyRequest, writer.uint32(890).fork(), _depth + 1).ldelim();
            if (message.pgCertifyReply != null && $Object.hasOwnProperty.call(message, "pgCertifyReply"))
                $root.nacre.PgCertifyReply.encode(message.pgCertifyReply, writer.uint32(898).fork(), _depth + 1).ldelim();
            if (message.mdsBeaconRequest != null && $Object.hasOwnProperty.call(message, "mdsBeaconRequest"))
                $root.nacre.MdsBeaconRequest.encode(message.mdsBeaconRequest, writer.uint32(906).fork(), _depth + 1).ldelim();
            if (message.mdsBeaconReply != null && $Object.hasOwnProperty.call(message, "mdsBeaconReply"))
                $root.nacre.MdsBeaconReply.encode(message.mdsBeaconReply, writer.uint32(914).fork(), _depth + 1).ldelim();
            if (message.clientBeaconRequest != null && $Object.hasOwnProperty.call(message, "clientBeaconRequest"))
                $root.nacre.ClientBeaconRequest.encode(message.clientBeaconRequest, writer.uint32(922).fork(), _depth + 1).ldelim();
            if (message.clientBeaconReply != null && $Object.hasOwnProperty.call(message, "clientBeaconReply"))
                $root.nacre.ClientBeaconReply.encode(message.clientBeaconReply, writer.uint32(930).fork(), _depth + 1).ldelim();
            if (message.commandRequest != null && $Object.hasOwnProperty.call(message, "commandRequest"))
                $root.nacre.CommandRequest.encode(message.commandRequest, writer.uint32(938).fork(), _depth + 1).ldelim();
            if (message.commandReply != null && $Object.hasOwnProperty.call(message, "commandReply"))
                $root.nacre.CommandReply.encode(message.commandReply, writer.uint32(946).fork(), _depth + 1).ldelim();
            if (message.statfsRequest != null && $Object.hasOwnProperty.call(message, "statfsRequest"))
                $root.nacre.StatfsRequest.encode(message.statfsRequest, writer.uint32(954).fork(), _depth + 1).ldelim();
            if (message.statfsReply != null && $Object.hasOwnProperty.call(message, "statfsReply"))
                $root.nacre.StatfsReply.encode(message.statfsReply, writer.uint32(962).fork(), _depth + 1).ldelim();
            if (message.osdOpRequest != null && $Object.hasOwnProperty.call(message, "osdOpRequest"))
                $root.nacre.OsdOpRequest.encode(message.osdOpRequest, writer.uint32(1602).fork(), _depth + 1).ldelim();
            if (message.osdOpReply != null && $Object.hasOwnProperty.call(message, "osdOpReply"))
                $root.nacre.OsdOpReply.encode(message.osdOpReply, writer.uint32(1610).fork(), _depth + 1).ldelim();
            if (message.repOp != null && $Object.hasOwnProperty.call(message, "repOp"))
                $root.nacre.RepOp.encode(message.repOp, writer.uint32(1618).fork(), _depth + 1).ldelim();
            if (message.repAck != null && $Object.hasOwnProperty.call(message, "repAck"))
                $root.nacre.RepAck.encode(message.repAck, writer.uint32(1626).fork(), _depth + 1).ldelim();
            if (message.pgQueryRequest != null && $Object.hasOwnProperty.call(message, "pgQueryRequest"))
                $root.nacre.PgQueryRequest.encode(message.pgQueryRequest, writer.uint32(1634).fork(), _depth + 1).ldelim();
            if (message.pgQueryReply != null && $Object.hasOwnProperty.call(message, "pgQueryReply"))
                $root.nacre.PgQueryReply.encode(message.pgQueryReply, writer.uint32(1642).fork(), _depth + 1).ldelim();
            if (message.pgLogRequest != null && $Object.hasOwnProperty.call(message, "pgLogRequest"))
                $root.nacre.PgLogRequest.encode(message.pgLogRequest, writer.uint32(1650).fork(), _depth + 1).ldelim();
            if (message.pgLogReply != null && $Object.hasOwnProperty.call(message, "pgLogReply"))
                $root.nacre.PgLogReply.encode(message.pgLogReply, writer.uint32(1658).fork(), _depth + 1).ldelim();
            if (message.pgActivateRequest != null && $Object.hasOwnProperty.call(message, "pgActivateRequest"))
                $root.nacre.PgActivateRequest.encode(message.pgActivateRequest, writer.uint32(1666).fork(), _depth + 1).ldelim();
            if (message.pgActivateReply != null && $Object.hasOwnProperty.call(message, "pgActivateReply"))
                $root.nacre.PgActivateReply.encode(message.pgActivateReply, writer.uint32(1674).fork(), _depth + 1).ldelim();
            if (message.pgResetRequest != null && $Object.hasOwnProperty.call(message, "pgResetRequest"))
                $root.nacre.PgResetRequest.encode(message.pgResetRequest, writer.uint32(1682).fork(), _depth + 1).ldelim();
            if (message.pgResetReply != null && $Object.hasOwnProperty.call(message, "pgResetReply"))
                $root.nacre.PgResetReply.encode(message.pgResetReply, writer.uint32(1690).fork(), _depth + 1).ldelim();
            if (message.pgListRequest != null && $Object.hasOwnProperty.call(message, "pgListRequest"))
                $root.nacre.PgListRequest.encode(message.pgListRequest, writer.uint32(1698).fork(), _depth + 1).ldelim();
            if (message.pgListReply != null && $Object.hasOwnProperty.call(message, "pgListReply"))
                $root.nacre.PgListReply.encode(message.pgListReply, writer.uint32(1706).fork(), _depth + 1).ldelim();
            if (message.pushRequest != null && $Object.hasOwnProperty.call(message, "pushRequest"))
                $root.nacre.PushRequest.encode(message.pushRequest, writer.uint32(1714).fork(), _depth + 1).ldelim();
            if (message.pushReply != null && $Object.hasOwnProperty.call(message, "pushReply"))
                $root.nacre.PushReply.encode(message.pushReply, writer.uint32(1722).fork(), _depth + 1).ldelim();
            if (message.pullRequest != null && $Object.hasOwnProperty.call(message, "pullRequest"))
                $root.nacre.PullRequest.encode(message.pullRequest, writer.uint32(1730).fork(), _depth + 1).ldelim();
            if (message.pullReply != null && $Object.hasOwnProperty.call(message, "pullReply"))
                $root.nacre.PullReply.encode(message.pullReply, writer.uint32(1738).fork(), _depth + 1).ldelim();
            if (message.pgStrayRequest != null && $Object.hasOwnProperty.call(message, "pgStrayRequest"))
                $root.nacre.PgStrayRequest.encode(message.pgStrayRequest, writer.uint32(1746).fork(), _depth + 1).ldelim();
            if (message.pgStrayReply != null && $Object.hasOwnProperty.call(message, "pgStrayReply"))
                $root.nacre.PgStrayReply.encode(message.pgStrayReply, writer.uint32(1754).fork(), _depth + 1).ldelim();
            if (message.pgTurnRequest != null && $Object.hasOwnProperty.call(message, "pgTurnRequest"))
                $root.nacre.PgTurnRequest.encode(message.pgTurnRequest, writer.uint32(1762).fork(), _depth + 1).ldelim();
            if (message.pgTurnReply != null && $Object.hasOwnProperty.call(message, "pgTurnReply"))
                $root.nacre.PgTurnReply.encode(message.pgTurnReply, writer.uint32(1770).fork(), _depth + 1).ldelim();
            if (message.pgTurnEnd != null && $Object.hasOwnProperty.call(message, "pgTurnEnd"))
                $root.nacre.PgTurnEnd.encode(message.pgTurnEnd, writer.uint32(1778).fork(), _depth + 1).ldelim();
            if (message.pgYield != null && $Object.hasOwnProperty.call(message, "pgYield"))
                $root.nacre.PgYield.encode(message.pgYield, writer.uint32(1786).fork(), _depth + 1).ldelim();
            if (message.scrubReserveRequest != null && $Object.hasOwnProperty.call(message, "scrubReserveRequest"))
                $root.nacre.ScrubReserveRequest.encode(message.scrubReserveRequest, writer.uint32(1842).fork(), _depth + 1).ldelim();
            if (message.scrubReserveReply != null && $Object.hasOwnProperty.call(message, "scrubReserveReply"))
                $root.nacre.ScrubReserveReply.encode(message.scrubReserveReply, writer.uint32(1850).fork(), _depth + 1).ldelim();
            if (message.scrubMapRequest != null && $Object.hasOwnProperty.call(message, "scrubMapRequest"))
                $root.nacre.ScrubMapRequest.encode(message.scrubMapRequest, writer.uint32(1858).fork(), _depth + 1).ldelim();
            if (message.scrubMapReply != null && $Object.hasOwnProperty.call(message, "scrubMapReply"))
                $root.nacre.ScrubMapReply.encode(message.scrubMapReply, writer.uint32(1866).fork(), _depth + 1).ldelim();
            if (message.scrubRepairRequest != null && $Object.hasOwnProperty.call(message, "scrubRepairRequest"))
                $root.nacre.ScrubRepairRequest.encode(message.scrubRepairRequest, writer.uint32(1874).fork(), _depth + 1).ldelim();
            if (message.scrubRepairReply != null && $Object.hasOwnProperty.call(message, "scrubRepairReply"))
                $root.nacre.ScrubRepairReply.encode(message.scrubRepairReply, writer.uint32(1882).fork(), _depth + 1).ldelim();
            if (message.scrubRecordRequest != null && $Object.hasOwnProperty.call(message, "scrubRecordRequest"))
                $root.nacre.ScrubRecordRequest.encode(message.scrubRecordRequest, writer.uint32(1890).fork(), _depth + 1).ldelim();
            if (message.scrubRecordReply != null && $Object.hasOwnProperty.call(message, "scrubRecordReply"))
                $root.nacre.ScrubRecordReply.encode(message.scrubRecordReply, writer.uint32(1898).fork(), _depth + 1).ldelim();
            if (message.scrubRelease != null && $Object.hasOwnProperty.call(message, "scrubRelease"))
                $root.nacre.ScrubRelease.encode(message.scrubRelease, writer.uint32(1906).fork(), _depth + 1).ldelim();
            if (message.copyDamaged != null && $Object.hasOwnProperty.call(message, "copyDamaged"))
                $root.nacre.CopyDamaged.encode(message.copyDamaged, writer.uint32(1914).fork(), _depth + 1).ldelim();
            if (message.pgReserveRequest != null && $Object.hasOwnProperty.call(message, "pgReserveRequest"))
                $root.nacre.PgReserveRequest.encode(message.pgReserveRequest, writer.uint32(1922).fork(), _depth + 1).ldelim();
            if (message.pgReserveReply != null && $Object.hasOwnProperty.call(message, "pgReserveReply"))
                $root.nacre.PgReserveReply.encode(message.pgReserveReply, writer.uint32(1930).fork(), _depth + 1).ldelim();
            if (message.pgReadRequest != null && $Object.hasOwnProperty.call(message, "pgReadRequest"))
                $root.nacre.PgReadRequest.encode(message.pgReadRequest, writer.uint32(1938).fork(), _depth + 1).ldelim();
            if (message.pgReadReply != null && $Object.hasOwnProperty.call(message, "pgReadReply"))
                $root.nacre.PgReadReply.encode(message.pgReadReply, writer.uint32(1946).fork(), _depth + 1).ldelim();
            if (message.sessionOpenRequest != null && $Object.hasOwnProperty.call(message, "sessionOpenRequest"))
                $root.nacre.SessionOpenRequest.encode(message.sessionOpenRequest, writer.uint32(2402).fork(), _depth + 1).ldelim();
            if (message.sessionOpenReply != null && $Object.hasOwnProperty.call(message, "sessionOpenReply"))
                $root.nacre.SessionOpenReply.encode(message.sessionOpenReply, writer.uint32(2410).fork(), _depth + 1).ldelim();
            if (message.sessionRenewRequest != null && $Object.hasOwnProperty.call(message, "sessionRenewRequest"))
                $root.nacre.SessionRenewRequest.encode(message.sessionRenewRequest, writer.uint32(2418).fork(), _depth + 1).ldelim();
            if (message.sessionRenewReply != null && $Object.hasOwnProperty.call(message, "sessionRenewReply"))
                $root.nacre.SessionRenewReply.encode(message.sessionRenewReply, writer.uint32(2426).fork(), _depth + 1).ldelim();
            if (message.sessionCloseRequest != null && $Object.hasOwnProperty.call(message, "sessionCloseRequest"))
                $root.nacre.SessionCloseRequest.encode(message.sessionCloseRequest, writer.uint32(2434).fork(), _depth + 1).ldelim();
            if (message.sessionCloseReply != null && $Object.hasOwnProperty.call(message, "sessionCloseReply"))
                $root.nacre.SessionCloseReply.encode(message.sessionCloseReply, writer.uint32(2442).fork(), _depth + 1).ldelim();
            if (message.allocateInosRequest != null && $Object.hasOwnProperty.call(message, "allocateInosRequest"))
                $root.nacre.AllocateInosRequest.encode(message.allocateInosRequest, writer.uint32(2450).fork(), _depth + 1).ldelim();
            if (message.allocateInosReply != null && $Object.hasOwnProperty.call(message, "allocateInosReply"))
                $root.nacre.AllocateInosReply.encode(message.allocateInosReply, writer.uint32(2458).fork(), _depth + 1).ldelim();
            if (message.journalSafe != null && $Object.hasOwnProperty.call(message, "journalSafe"))
                $root.nacre.JournalSafe.encode(message.journalSafe, writer.uint32(2466).fork(), _depth + 1).ldelim();
            if (message.journalFlushRequest != null && $Object.hasOwnProperty.call(message, "journalFlushRequest"))
                $root.nacre.JournalFlushRequest.encode(message.journalFlushRequest, writer.uint32(2474).fork(), _depth + 1).ldelim();
            if (message.journalFlushReply != null && $Object.hasOwnProperty.call(message, "journalFlushReply"))
                $root.nacre.JournalFlushReply.encode(message.journalFlushReply, writer.uint32(2482).fork(), _depth + 1).ldelim();
            if (message.capRecall != null && $Object.hasOwnProperty.call(message, "capRecall"))
                $root.nacre.CapRecall.encode(message.capRecall, writer.uint32(2490).fork(), _depth + 1).ldelim();
            if (message.capGrant != null && $Object.hasOwnProperty.call(message, "capGrant"))
                $root.nacre.CapGrant.encode(message.capGrant, writer.uint32(2498).fork(), _depth + 1).ldelim();
            if (message.capUpdateRequest != null && $Object.hasOwnProperty.call(message, "capUpdateRequest"))
                $root.nacre.CapUpdateRequest.encode(message.capUpdateRequest, writer.uint32(2506).fork(), _depth + 1).ldelim();
            if (message.capUpdateReply != null && $Object.hasOwnProperty.call(message, "capUpdateReply"))
                $root.nacre.CapUpdateReply.encode(message.capUpdateReply, writer.uint32(2514).fork(), _depth + 1).ldelim();
            if (message.capReleaseRequest != null && $Object.hasOwnProperty.call(message, "capReleaseRequest"))
                $root.nacre.CapReleaseRequest.encode(message.capReleaseRequest, writer.uint32(2522).fork(), _depth + 1).ldelim();
            if (message.capReleaseReply != null && $Object.hasOwnProperty.call(message, "capReleaseReply"))
                $root.nacre.CapReleaseReply.encode(message.capReleaseReply, writer.uint32(2530).fork(), _depth + 1).ldelim();
            if (message.sessionTrim != null && $Object.hasOwnProperty.call(message, "sessionTrim"))
                $root.nacre.SessionTrim.encode(message.sessionTrim, writer.uint32(2538).fork(), _depth + 1).ldelim();
            if (message.lookupRequest != null && $Object.hasOwnProperty.call(message, "lookupRequest"))
                $root.nacre.LookupRequest.encode(message.lookupRequest, writer.uint32(2546).fork(), _depth + 1).ldelim();
            if (message.lookupReply != null && $Object.hasOwnProperty.call(message, "lookupReply"))
                $root.nacre.LookupReply.encode(message.lookupReply, writer.uint32(2554).fork(), _depth + 1).ldelim();
            if (message.getAttrRequest != null && $Object.hasOwnProperty.call(message, "getAttrRequest"))
                $root.nacre.GetAttrRequest.encode(message.getAttrRequest, writer.uint32(2562).fork(), _depth + 1).ldelim();
            if (message.getAttrReply != null && $Object.hasOwnProperty.call(message, "getAttrReply"))
                $root.nacre.GetAttrReply.encode(message.getAttrReply, writer.uint32(2570).fork(), _depth + 1).ldelim();
            if (message.setAttrRequest != null && $Object.hasOwnProperty.call(message, "setAttrRequest"))
                $root.nacre.SetAttrRequest.encode(message.setAttrRequest, writer.uint32(2578).fork(), _depth + 1).ldelim();
            if (message.setAttrReply != null && $Object.hasOwnProperty.call(message, "setAttrReply"))
                $root.nacre.SetAttrReply.encode(message.setAttrReply, writer.uint32(2586).fork(), _depth + 1).ldelim();
            if (message.setXattrRequest != null && $Object.hasOwnProperty.call(message, "setXattrRequest"))
                $root.nacre.SetXattrRequest.encode(message.setXattrRequest, writer.uint32(2594).fork(), _depth + 1).ldelim();
            if (message.setXattrReply != null && $Object.hasOwnProperty.call(message, "setXattrReply"))
                $root.nacre.SetXattrReply.encode(message.setXattrReply, writer.uint32(2602).fork(), _depth + 1).ldelim();
            if (message.removeXattrRequest != null && $Object.hasOwnProperty.call(message, "removeXattrRequest"))
                $root.nacre.RemoveXattrRequest.encode(message.removeXattrRequest, writer.uint32(2610).fork(), _depth + 1).ldelim();
            if (message.removeXattrReply != null && $Object.hasOwnProperty.call(message, "removeXattrReply"))
                $root.nacre.RemoveXattrReply.encode(message.removeXattrReply, writer.uint32(2618).fork(), _depth + 1).ldelim();
            if (message.createRequest != null && $Object.hasOwnProperty.call(message, "createRequest"))
                $root.nacre.CreateRequest.encode(message.createRequest, writer.uint32(2626).fork(), _depth + 1).ldelim();
            if (message.createReply != null && $Object.hasOwnProperty.call(message, "createReply"))
                $root.nacre.CreateReply.encode(message.createReply, writer.uint32(2634).fork(), _depth + 1).ldelim();
            if (message.openRequest != null && $Object.hasOwnProperty.call(message, "openRequest"))
                $root.nacre.OpenRequest.encode(message.openRequest, writer.uint32(2642).fork(), _depth + 1).ldelim();
            if (message.openReply != null && $Object.hasOwnProperty.call(message, "openReply"))
                $root.nacre.OpenReply.encode(message.openReply, writer.uint32(2650).fork(), _depth + 1).ldelim();
            if (message.linkRequest != null && $Object.hasOwnProperty.call(message, "linkRequest"))
                $root.nacre.LinkRequest.encode(message.linkRequest, writer.uint32(2658).fork(), _depth + 1).ldelim();
            if (message.linkReply != null && $Object.hasOwnProperty.call(message, "linkReply"))
                $root.nacre.LinkReply.encode(message.linkReply, writer.uint32(2666).fork(), _depth + 1).ldelim();
            if (message.unlinkRequest != null && $Object.hasOwnProperty.call(message, "unlinkRequest"))
                $root.nacre.UnlinkRequest.encode(message.unlinkRequest, writer.uint32(2674).fork(), _depth + 1).ldelim();
            if (message.unlinkReply != null && $Object.hasOwnProperty.call(message, "unlinkReply"))
                $root.nacre.UnlinkReply.encode(message.unlinkReply, writer.uint32(2682).fork(), _depth + 1).ldelim();
            if (message.renameRequest != null && $Object.hasOwnProperty.call(message, "renameRequest"))
                $root.nacre.RenameRequest.encode(message.renameRequest, writer.uint32(2690).fork(), _depth + 1).ldelim();
            if (message.renameReply != null && $Object.hasOwnProperty.call(message, "renameReply"))
                $root.nacre.RenameReply.encode(message.renameReply, writer.uint32(2698).fork(), _depth + 1).ldelim();
            if (message.readDirRequest != null && $Object.hasOwnProperty.call(message, "readDirRequest"))
                $root.nacre.ReadDirRequest.encode(message.readDirRequest, writer.uint32(2706).fork(), _depth + 1).ldelim();
            if (message.readDirReply != null && $Object.hasOwnProperty.call(message, "readDirReply"))
                $root.nacre.ReadDirReply.encode(message.readDirReply, writer.uint32(2714).fork(), _depth + 1).ldelim();
            if (message.appendRequest != null && $Object.hasOwnProperty.call(message, "appendRequest"))
                $root.nacre.AppendRequest.encode(message.appendRequest, writer.uint32(2722).fork(), _depth + 1).ldelim();
            if (message.appendReply != null && $Object.hasOwnProperty.call(message, "appendReply"))
                $root.nacre.AppendReply.encode(message.appendReply, writer.uint32(2730).fork(), _depth + 1).ldelim();
            if (message.lockRequest != null && $Object.hasOwnProperty.call(message, "lockRequest"))
                $root.nacre.LockRequest.encode(message.lockRequest, writer.uint32(2738).fork(), _depth + 1).ldelim();
            if (message.lockReply != null && $Object.hasOwnProperty.call(message, "lockReply"))
                $root.nacre.LockReply.encode(message.lockReply, writer.uint32(2746).fork(), _depth + 1).ldelim();
            if (message.lockCancelRequest != null && $Object.hasOwnProperty.call(message, "lockCancelRequest"))
                $root.nacre.LockCancelRequest.encode(message.lockCancelRequest, writer.uint32(2754).fork(), _depth + 1).ldelim();
            if (message.lockCancelReply != null && $Object.hasOwnProperty.call(message, "lockCancelReply"))
                $root.nacre.LockCancelReply.encode(message.lockCancelReply, writer.uint32(2762).fork(), _depth + 1).ldelim();
            if (message.lockGranted != null && $Object.hasOwnProperty.call(message, "lockGranted"))
                $root.nacre.LockGranted.encode(message.lockGranted, writer.uint32(2770).fork(), _depth + 1).ldelim();
            if (message.getXattrRequest != null && $Object.hasOwnProperty.call(message, "getXattrRequest"))
                $root.nacre.GetXattrRequest.encode(message.getXattrRequest, writer.uint32(2882).fork(), _depth + 1).ldelim();
            if (message.getXattrReply != null && $Object.hasOwnProperty.call(message, "getXattrReply"))
                $root.nacre.GetXattrReply.encode(message.getXattrReply, writer.uint32(2890).fork(), _depth + 1).ldelim();
            if (message.growRequest != null && $Object.hasOwnProperty.call(message, "growRequest"))
                $root.nacre.GrowRequest.encode(message.growRequest, writer.uint32(2898).fork(), _depth + 1).ldelim();
            if (message.growReply != null && $Object.hasOwnProperty.call(message, "growReply"))
                $root.nacre.GrowReply.encode(message.growReply, writer.uint32(2906).fork(), _depth + 1).ldelim();
            if (message.quotaRequest != null && $Object.hasOwnProperty.call(message, "quotaRequest"))
                $root.nacre.QuotaRequest.encode(message.quotaRequest, writer.uint32(2914).fork(), _depth + 1).ldelim();
            if (message.quotaReply != null && $Object.hasOwnProperty.call(message, "quotaReply"))
                $root.nacre.QuotaReply.encode(message.quotaReply, writer.uint32(2922).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Envelope.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Envelope();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.payloadFrames = value;
                        else
                            delete message.payloadFrames;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.deadlineMs = value;
                        else
                            delete message.deadlineMs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.nacre.ErrorInfo.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        message.hello = $root.nacre.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                        message.body = "hello";
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        message.cancel = $root.nacre.Cancel.decode(reader, reader.size(), $undefined, _depth + 1, message.cancel);
                        message.body = "cancel";
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        message.ping = $root.nacre.Ping.decode(reader, reader.size(), $undefined, _depth + 1, message.ping);
                        message.body = "ping";
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        message.pong = $root.nacre.Pong.decode(reader, reader.size(), $undefined, _depth + 1, message.pong);
                        message.body = "pong";
                        continue;
                    }
                case 100: {
                        if (wireType !== 2)
                            break;
                        message.mapSubscribeRequest = $root.nacre.MapSubscribeRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.mapSubscribeRequest);
                        message.body = "mapSubscribeRequest";
                        continue;
                    }
                case 101: {
                        if (wireType !== 2)
                            break;
                        message.mapSubscribeReply = $root.nacre.MapSubscribeReply.decode(reader, reader.size(), $undefined, _depth + 1, message.mapSubscribeReply);
                        message.body = "mapSubscribeReply";
                        continue;
                    }
                case 102: {
                        if (wireType !== 2)
                            break;
                        message.mapUpdate = $root.nacre.MapUpdate.decode(reader, reader.size(), $undefined, _depth + 1, message.mapUpdate);
                        message.body = "mapUpdate";
                        continue;
                    }
                case 103: {
                        if (wireType !== 2)
                            break;
                        message.mapGetRequest = $root.nacre.MapGetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.mapGetRequest);
                        message.body = "mapGetRequest";
                        continue;
                    }
                case 104: {
                        if (wireType !== 2)
                            break;
                        message.mapGetReply = $root.nacre.MapGetReply.decode(reader, reader.size(), $undefined, _depth + 1, message.mapGetReply);
                        message.body = "mapGetReply";
                        continue;
                    }
                case 105: {
                        if (wireType !== 2)
                            break;
                        message.osdBootRequest = $root.nacre.OsdBootRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.osdBootRequest);
                        message.body = "osdBootRequest";
                        continue;
                    }
                case 106: {
                        if (wireType !== 2)
                            break;
                        message.osdBootReply = $root.nacre.OsdBootReply.decode(reader, reader.size(), $undefined, _depth + 1, message.osdBootReply);
                        message.body = "osdBootReply";
                        continue;
                    }
                case 107: {
                        if (wireType !== 2)
                            break;
                        message.osdBeaconRequest = $root.nacre.OsdBeaconRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.osdBeaconRequest);
                        message.body = "osdBeaconRequest";
                        continue;
                    }
                case 108: {
                        if (wireType !== 2)
                            break;
                        message.osdBeaconReply = $root.nacre.OsdBeaconReply.decode(reader, reader.size(), $undefined, _depth + 1, message.osdBeaconReply);
                        message.body = "osdBeaconReply";
                        continue;
                    }
                case 109: {
                        if (wireType !== 2)
                            break;
                        message.failureReportRequest = $root.nacre.FailureReportRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.failureReportRequest);
                        message.body = "failureReportRequest";
                        continue;
                    }
                case 110: {
                        if (wireType !== 2)
                            break;
                        message.failureReportReply = $root.nacre.FailureReportReply.decode(reader, reader.size(), $undefined, _depth + 1, message.failureReportReply);
                        message.body = "failureReportReply";
                        continue;
                    }
                case 111: {
                        if (wireType !== 2)
                            break;
                        message.pgCertifyRequest = $root.nacre.PgCertifyRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgCertifyRequest);
                        message.body = "pgCertifyRequest";
                        continue;
                    }
                case 112: {
                        if (wireType !== 2)
                            break;
                        message.pgCertifyReply = $root.nacre.PgCertifyReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgCertifyReply);
                        message.body = "pgCertifyReply";
                        continue;
                    }
                case 113: {
                        if (wireType !== 2)
                            break;
                        message.mdsBeaconRequest = $root.nacre.MdsBeaconRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.mdsBeaconRequest);
                        message.body = "mdsBeaconRequest";
                        continue;
                    }
                case 114: {
                        if (wireType !== 2)
                            break;
                        message.mdsBeaconReply = $root.nacre.MdsBeaconReply.decode(reader, reader.size(), $undefined, _depth + 1, message.mdsBeaconReply);
                        message.body = "mdsBeaconReply";
                        continue;
                    }
                case 115: {
                        if (wireType !== 2)
                            break;
                        message.clientBeaconRequest = $root.nacre.ClientBeaconRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.clientBeaconRequest);
                        message.body = "clientBeaconRequest";
                        continue;
                    }
                case 116: {
                        if (wireType !== 2)
                            break;
                        message.clientBeaconReply = $root.nacre.ClientBeaconReply.decode(reader, reader.size(), $undefined, _depth + 1, message.clientBeaconReply);
                        message.body = "clientBeaconReply";
                        continue;
                    }
                case 117: {
                        if (wireType !== 2)
                            break;
                        message.commandRequest = $root.nacre.CommandRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.commandRequest);
                        message.body = "commandRequest";
                        continue;
                    }
                case 118: {
                        if (wireType !== 2)
                            break;
                        message.commandReply = $root.nacre.CommandReply.decode(reader, reader.size(), $undefined, _depth + 1, message.commandReply);
                        message.body = "commandReply";
                        continue;
                    }
                case 119: {
                        if (wireType !== 2)
                            break;
                        message.statfsRequest = $root.nacre.StatfsRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.statfsRequest);
                        message.body = "statfsRequest";
                        continue;
                    }
                case 120: {
                        if (wireType !== 2)
                            break;
                        message.statfsReply = $root.nacre.StatfsReply.decode(reader, reader.size(), $undefined, _depth + 1, message.statfsReply);
                        message.body = "statfsReply";
                        continue;
                    }
                case 200: {
                        if (wireType !== 2)
                            break;
                        message.osdOpRequest = $root.nacre.OsdOpRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.osdOpRequest);
                        message.body = "osdOpRequest";
                        continue;
                    }
                case 201: {
                        if (wireType !== 2)
                            break;
                        message.osdOpReply = $root.nacre.OsdOpReply.decode(reader, reader.size(), $undefined, _depth + 1, message.osdOpReply);
                        message.body = "osdOpReply";
                        continue;
                    }
                case 202: {
                        if (wireType !== 2)
                            break;
                        message.repOp = $root.nacre.RepOp.decode(reader, reader.size(), $undefined, _depth + 1, message.repOp);
                        message.body = "repOp";
                        continue;
                    }
                case 203: {
                        if (wireType !== 2)
                            break;
                        message.repAck = $root.nacre.RepAck.decode(reader, reader.size(), $undefined, _depth + 1, message.repAck);
                        message.body = "repAck";
                        continue;
                    }
                case 204: {
                        if (wireType !== 2)
                            break;
                        message.pgQueryRequest = $root.nacre.PgQueryRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgQueryRequest);
                        message.body = "pgQueryRequest";
                        continue;
                    }
                case 205: {
                        if (wireType !== 2)
                            break;
                        message.pgQueryReply = $root.nacre.PgQueryReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgQueryReply);
                        message.body = "pgQueryReply";
                        continue;
                    }
                case 206: {
                        if (wireType !== 2)
                            break;
                        message.pgLogRequest = $root.nacre.PgLogRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgLogRequest);
                        message.body = "pgLogRequest";
                        continue;
                    }
                case 207: {
                        if (wireType !== 2)
                            break;
                        message.pgLogReply = $root.nacre.PgLogReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgLogReply);
                        message.body = "pgLogReply";
                        continue;
                    }
                case 208: {
                        if (wireType !== 2)
                            break;
                        message.pgActivateRequest = $root.nacre.PgActivateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgActivateRequest);
                        message.body = "pgActivateRequest";
                        continue;
                    }
                case 209: {
                        if (wireType !== 2)
                            break;
                        message.pgActivateReply = $root.nacre.PgActivateReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgActivateReply);
                        message.body = "pgActivateReply";
                        continue;
                    }
                case 210: {
                        if (wireType !== 2)
                            break;
                        message.pgResetRequest = $root.nacre.PgResetRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgResetRequest);
                        message.body = "pgResetRequest";
                        continue;
                    }
                case 211: {
                        if (wireType !== 2)
                            break;
                        message.pgResetReply = $root.nacre.PgResetReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgResetReply);
                        message.body = "pgResetReply";
                        continue;
                    }
                case 212: {
                        if (wireType !== 2)
                            break;
                        message.pgListRequest = $root.nacre.PgListRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgListRequest);
                        message.body = "pgListRequest";
                        continue;
                    }
                case 213: {
                        if (wireType !== 2)
                            break;
                        message.pgListReply = $root.nacre.PgListReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgListReply);
                        message.body = "pgListReply";
                        continue;
                    }
                case 214: {
                        if (wireType !== 2)
                            break;
                        message.pushRequest = $root.nacre.PushRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pushRequest);
                        message.body = "pushRequest";
                        continue;
                    }
                case 215: {
                        if (wireType !== 2)
                            break;
                        message.pushReply = $root.nacre.PushReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pushReply);
                        message.body = "pushReply";
                        continue;
                    }
                case 216: {
                        if (wireType !== 2)
                            break;
                        message.pullRequest = $root.nacre.PullRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pullRequest);
                        message.body = "pullRequest";
                        continue;
                    }
                case 217: {
                        if (wireType !== 2)
                            break;
                        message.pullReply = $root.nacre.PullReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pullReply);
                        message.body = "pullReply";
                        continue;
                    }
                case 218: {
                        if (wireType !== 2)
                            break;
                        message.pgStrayRequest = $root.nacre.PgStrayRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgStrayRequest);
                        message.body = "pgStrayRequest";
                        continue;
                    }
                case 219: {
                        if (wireType !== 2)
                            break;
                        message.pgStrayReply = $root.nacre.PgStrayReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgStrayReply);
                        message.body = "pgStrayReply";
                        continue;
                    }
                case 220: {
                        if (wireType !== 2)
                            break;
                        message.pgTurnRequest = $root.nacre.PgTurnRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgTurnRequest);
                        message.body = "pgTurnRequest";
                        continue;
                    }
                case 221: {
                        if (wireType !== 2)
                            break;
                        message.pgTurnReply = $root.nacre.PgTurnReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgTurnReply);
                        message.body = "pgTurnReply";
                        continue;
                    }
                case 222: {
                        if (wireType !== 2)
                            break;
                        message.pgTurnEnd = $root.nacre.PgTurnEnd.decode(reader, reader.size(), $undefined, _depth + 1, message.pgTurnEnd);
                        message.body = "pgTurnEnd";
                        continue;
                    }
                case 223: {
                        if (wireType !== 2)
                            break;
                        message.pgYield = $root.nacre.PgYield.decode(reader, reader.size(), $undefined, _depth + 1, message.pgYield);
                        message.body = "pgYield";
                        continue;
                    }
                case 230: {
                        if (wireType !== 2)
                            break;
                        message.scrubReserveRequest = $root.nacre.ScrubReserveRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubReserveRequest);
                        message.body = "scrubReserveRequest";
                        continue;
                    }
                case 231: {
                        if (wireType !== 2)
                            break;
                        message.scrubReserveReply = $root.nacre.ScrubReserveReply.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubReserveReply);
                        message.body = "scrubReserveReply";
                        continue;
                    }
                case 232: {
                        if (wireType !== 2)
                            break;
                        message.scrubMapRequest = $root.nacre.ScrubMapRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubMapRequest);
                        message.body = "scrubMapRequest";
                        continue;
                    }
                case 233: {
                        if (wireType !== 2)
                            break;
                        message.scrubMapReply = $root.nacre.ScrubMapReply.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubMapReply);
                        message.body = "scrubMapReply";
                        continue;
                    }
                case 234: {
                        if (wireType !== 2)
                            break;
                        message.scrubRepairRequest = $root.nacre.ScrubRepairRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubRepairRequest);
                        message.body = "scrubRepairRequest";
                        continue;
                    }
                case 235: {
                        if (wireType !== 2)
                            break;
                        message.scrubRepairReply = $root.nacre.ScrubRepairReply.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubRepairReply);
                        message.body = "scrubRepairReply";
                        continue;
                    }
                case 236: {
                        if (wireType !== 2)
                            break;
                        message.scrubRecordRequest = $root.nacre.ScrubRecordRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubRecordRequest);
                        message.body = "scrubRecordRequest";
                        continue;
                    }
                case 237: {
                        if (wireType !== 2)
                            break;
                        message.scrubRecordReply = $root.nacre.ScrubRecordReply.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubRecordReply);
                        message.body = "scrubRecordReply";
                        continue;
                    }
                case 238: {
                        if (wireType !== 2)
                            break;
                        message.scrubRelease = $root.nacre.ScrubRelease.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubRelease);
                        message.body = "scrubRelease";
                        continue;
                    }
                case 239: {
                        if (wireType !== 2)
                            break;
                        message.copyDamaged = $root.nacre.CopyDamaged.decode(reader, reader.size(), $undefined, _depth + 1, message.copyDamaged);
                        message.body = "copyDamaged";
                        continue;
                    }
                case 240: {
                        if (wireType !== 2)
                            break;
                        message.pgReserveRequest = $root.nacre.PgReserveRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgReserveRequest);
                        message.body = "pgReserveRequest";
                        continue;
                    }
                case 241: {
                        if (wireType !== 2)
                            break;
                        message.pgReserveReply = $root.nacre.PgReserveReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgReserveReply);
                        message.body = "pgReserveReply";
                        continue;
                    }
                case 242: {
                        if (wireType !== 2)
                            break;
                        message.pgReadRequest = $root.nacre.PgReadRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pgReadRequest);
                        message.body = "pgReadRequest";
                        continue;
                    }
                case 243: {
                        if (wireType !== 2)
                            break;
                        message.pgReadReply = $root.nacre.PgReadReply.decode(reader, reader.size(), $undefined, _depth + 1, message.pgReadReply);
                        message.body = "pgReadReply";
                        continue;
                    }
                case 300: {
                        if (wireType !== 2)
                            break;
                        message.sessionOpenRequest = $root.nacre.SessionOpenRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionOpenRequest);
                        message.body = "sessionOpenRequest";
                        continue;
                    }
                case 301: {
                        if (wireType !== 2)
                            break;
                        message.sessionOpenReply = $root.nacre.SessionOpenReply.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionOpenReply);
                        message.body = "sessionOpenReply";
                        continue;
                    }
                case 302: {
                        if (wireType !== 2)
                            break;
                        message.sessionRenewRequest = $root.nacre.SessionRenewRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionRenewRequest);
                        message.body = "sessionRenewRequest";
                        continue;
                    }
                case 303: {
                        if (wireType !== 2)
                            break;
                        message.sessionRenewReply = $root.nacre.SessionRenewReply.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionRenewReply);
                        message.body = "sessionRenewReply";
                        continue;
                    }
                case 304: {
                        if (wireType !== 2)
                            break;
                        message.sessionCloseRequest = $root.nacre.SessionCloseRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionCloseRequest);
                        message.body = "sessionCloseRequest";
                        continue;
                    }
                case 305: {
                        if (wireType !== 2)
                            break;
                        message.sessionCloseReply = $root.nacre.SessionCloseReply.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionCloseReply);
                        message.body = "sessionCloseReply";
                        continue;
                    }
                case 306: {
                        if (wireType !== 2)
                            break;
                        message.allocateInosRequest = $root.nacre.AllocateInosRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.allocateInosRequest);
                        message.body = "allocateInosRequest";
                        continue;
                    }
                case 307: {
                        if (wireType !== 2)
                            break;
                        message.allocateInosReply = $root.nacre.AllocateInosReply.decode(reader, reader.size(), $undefined, _depth + 1, message.allocateInosReply);
                        message.body = "allocateInosReply";
                        continue;
                    }
                case 308: {
                        if (wireType !== 2)
                            break;
                        message.journalSafe = $root.nacre.JournalSafe.decode(reader, reader.size(), $undefined, _depth + 1, message.journalSafe);
                        message.body = "journalSafe";
                        continue;
                    }
                case 309: {
                        if (wireType !== 2)
                            break;
                        message.journalFlushRequest = $root.nacre.JournalFlushRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.journalFlushRequest);
                        message.body = "journalFlushRequest";
                        continue;
                    }
                case 310: {
                        if (wireType !== 2)
                            break;
                        message.journalFlushReply = $root.nacre.JournalFlushReply.decode(reader, reader.size(), $undefined, _depth + 1, message.journalFlushReply);
                        message.body = "journalFlushReply";
                        continue;
                    }
                case 311: {
                        if (wireType !== 2)
                            break;
                        message.capRecall = $root.nacre.CapRecall.decode(reader, reader.size(), $undefined, _depth + 1, message.capRecall);
                        message.body = "capRecall";
                        continue;
                    }
                case 312: {
                        if (wireType !== 2)
                            break;
                        message.capGrant = $root.nacre.CapGrant.decode(reader, reader.size(), $undefined, _depth + 1, message.capGrant);
                        message.body = "capGrant";
                        continue;
                    }
                case 313: {
                        if (wireType !== 2)
                            break;
                        message.capUpdateRequest = $root.nacre.CapUpdateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.capUpdateRequest);
                        message.body = "capUpdateRequest";
                        continue;
                    }
                case 314: {
                        if (wireType !== 2)
                            break;
                        message.capUpdateReply = $root.nacre.CapUpdateReply.decode(reader, reader.size(), $undefined, _depth + 1, message.capUpdateReply);
                        message.body = "capUpdateReply";
                        continue;
                    }
                case 315: {
                        if (wireType !== 2)
                            break;
                        message.capReleaseRequest = $root.nacre.CapReleaseRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.capReleaseRequest);
                        message.body = "capReleaseRequest";
                        continue;
                    }
                case 316: {
                        if (wireType !== 2)
                            break;
                        message.capReleaseReply = $root.nacre.CapReleaseReply.decode(reader, reader.size(), $undefined, _depth + 1, message.capReleaseReply);
                        message.body = "capReleaseReply";
                        continue;
                    }
                case 317: {
                        if (wireType !== 2)
                            break;
                        message.sessionTrim = $root.nacre.SessionTrim.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionTrim);
                        message.body = "sessionTrim";
                        continue;
                    }
                case 318: {
                        if (wireType !== 2)
                            break;
                        message.lookupRequest = $root.nacre.LookupRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.lookupRequest);
                        message.body = "lookupRequest";
                        continue;
                    }
                case 319: {
                        if (wireType !== 2)
                            break;
                        message.lookupReply = $root.nacre.LookupReply.decode(reader, reader.size(), $undefined, _depth + 1, message.lookupReply);
                        message.body = "lookupReply";
                        continue;
                    }
                case 320: {
                        if (wireType !== 2)
                            break;
                        message.getAttrRequest = $root.nacre.GetAttrRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.getAttrRequest);
                        message.body = "getAttrRequest";
                        continue;
                    }
                case 321: {
                        if (wireType !== 2)
                            break;
                        message.getAttrReply = $root.nacre.GetAttrReply.decode(reader, reader.size(), $undefined, _depth + 1, message.getAttrReply);
                        message.body = "getAttrReply";
                        continue;
                    }
                case 322: {
                        if (wireType !== 2)
                            break;
                        message.setAttrRequest = $root.nacre.SetAttrRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.setAttrRequest);
                        message.body = "setAttrRequest";
                        continue;
                    }
                case 323: {
                        if (wireType !== 2)
                            break;
                        message.setAttrReply = $root.nacre.SetAttrReply.decode(reader, reader.size(), $undefined, _depth + 1, message.setAttrReply);
                        message.body = "setAttrReply";
                        continue;
                    }
                case 324: {
                        if (wireType !== 2)
                            break;
                        message.setXattrRequest = $root.nacre.SetXattrRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.setXattrRequest);
                        message.body = "setXattrRequest";
                        continue;
                    }
                case 325: {
                        if (wireType !== 2)
                            break;
                        message.setXattrReply = $root.nacre.SetXattrReply.decode(reader, reader.size(), $undefined, _depth + 1, message.setXattrReply);
                        message.body = "setXattrReply";
                        continue;
                    }
                case 326: {
                        if (wireType !== 2)
                            break;
                        message.removeXattrRequest = $root.nacre.RemoveXattrRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.removeXattrRequest);
                        message.body = "removeXattrRequest";
                        continue;
                    }
                case 327: {
                        if (wireType !== 2)
                            break;
                        message.removeXattrReply = $root.nacre.RemoveXattrReply.decode(reader, reader.size(), $undefined, _depth + 1, message.removeXattrReply);
                        message.body = "removeXattrReply";
                        continue;
                    }
                case 328: {
                        if (wireType !== 2)
                            break;
                        message.createRequest = $root.nacre.CreateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.createRequest);
                        message.body = "createRequest";
                        continue;
                    }
                case 329: {
                        if (wireType !== 2)
                            break;
                        message.createReply = $root.nacre.CreateReply.decode(reader, reader.size(), $undefined, _depth + 1, message.createReply);
                        message.body = "createReply";
                        continue;
                    }
                case 330: {
                        if (wireType !== 2)
                            break;
                        message.openRequest = $root.nacre.OpenRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.openRequest);
                        message.body = "openRequest";
                        continue;
                    }
                case 331: {
                        if (wireType !== 2)
                            break;
                        message.openReply = $root.nacre.OpenReply.decode(reader, reader.size(), $undefined, _depth + 1, message.openReply);
                        message.body = "openReply";
                        continue;
                    }
                case 332: {
                        if (wireType !== 2)
                            break;
                        message.linkRequest = $root.nacre.LinkRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.linkRequest);
                        message.body = "linkRequest";
                        continue;
                    }
                case 333: {
                        if (wireType !== 2)
                            break;
                        message.linkReply = $root.nacre.LinkReply.decode(reader, reader.size(), $undefined, _depth + 1, message.linkReply);
                        message.body = "linkReply";
                        continue;
                    }
                case 334: {
                        if (wireType !== 2)
                            break;
                        message.unlinkRequest = $root.nacre.UnlinkRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.unlinkRequest);
                        message.body = "unlinkRequest";
                        continue;
                    }
                case 335: {
                        if (wireType !== 2)
                            break;
                        message.unlinkReply = $root.nacre.UnlinkReply.decode(reader, reader.size(), $undefined, _depth + 1, message.unlinkReply);
                        message.body = "unlinkReply";
                        continue;
                    }
                case 336: {
                        if (wireType !== 2)
                            break;
                        message.renameRequest = $root.nacre.RenameRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.renameRequest);
                        message.body = "renameRequest";
                        continue;
                    }
                case 337: {
                        if (wireType !== 2)
                            break;
                        message.renameReply = $root.nacre.RenameReply.decode(reader, reader.size(), $undefined, _depth + 1, message.renameReply);
                        message.body = "renameReply";
                        continue;
                    }
                case 338: {
                        if (wireType !== 2)
                            break;
                        message.readDirRequest = $root.nacre.ReadDirRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.readDirRequest);
                        message.body = "readDirRequest";
                        continue;
                    }
                case 339: {
                        if (wireType !== 2)
                            break;
                        message.readDirReply = $root.nacre.ReadDirReply.decode(reader, reader.size(), $undefined, _depth + 1, message.readDirReply);
                        message.body = "readDirReply";
                        continue;
                    }
                case 340: {
                        if (wireType !== 2)
                            break;
                        message.appendRequest = $root.nacre.AppendRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.appendRequest);
                        message.body = "appendRequest";
                        continue;
                    }
                case 341: {
                        if (wireType !== 2)
                            break;
                        message.appendReply = $root.nacre.AppendReply.decode(reader, reader.size(), $undefined, _depth + 1, message.appendReply);
                        message.body = "appendReply";
                        continue;
                    }
                case 342: {
                        if (wireType !== 2)
                            break;
                        message.lockRequest = $root.nacre.LockRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.lockRequest);
                        message.body = "lockRequest";
                        continue;
                    }
                case 343: {
                        if (wireType !== 2)
                            break;
                        message.lockReply = $root.nacre.LockReply.decode(reader, reader.size(), $undefined, _depth + 1, message.lockReply);
                        message.body = "lockReply";
                        continue;
                    }
                case 344: {
                        if (wireType !== 2)
                            break;
                        message.lockCancelRequest = $root.nacre.LockCancelRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.lockCancelRequest);
                        message.body = "lockCancelRequest";
                        continue;
                    }
                case 345: {
                        if (wireType !== 2)
                            break;
                        message.lockCancelReply = $root.nacre.LockCancelReply.decode(reader, reader.size(), $undefined, _depth + 1, message.lockCancelReply);
                        message.body = "lockCancelReply";
                        continue;
                    }
                case 346: {
                        if (wireType !== 2)
                            break;
                        message.lockGranted = $root.nacre.LockGranted.decode(reader, reader.size(), $undefined, _depth + 1, message.lockGranted);
                        message.body = "lockGranted";
                        continue;
                    }
                case 360: {
                        if (wireType !== 2)
                            break;
                        message.getXattrRequest = $root.nacre.GetXattrRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.getXattrRequest);
                        message.body = "getXattrRequest";
                        continue;
                    }
                case 361: {
                        if (wireType !== 2)
                            break;
                        message.getXattrReply = $root.nacre.GetXattrReply.decode(reader, reader.size(), $undefined, _depth + 1, message.getXattrReply);
                        message.body = "getXattrReply";
                        continue;
                    }
                case 362: {
                        if (wireType !== 2)
                            break;
                        message.growRequest = $root.nacre.GrowRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.growRequest);
                        message.body = "growRequest";
                        continue;
                    }
                case 363: {
                        if (wireType !== 2)
                            break;
                        message.growReply = $root.nacre.GrowReply.decode(reader, reader.size(), $undefined, _depth + 1, message.growReply);
                        message.body = "growReply";
                        continue;
                    }
                case 364: {
                        if (wireType !== 2)
                            break;
                        message.quotaRequest = $root.nacre.QuotaRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.quotaRequest);
                        message.body = "quotaRequest";
                        continue;
                    }
                case 365: {
                        if (wireType !== 2)
                            break;
                        message.quotaReply = $root.nacre.QuotaReply.decode(reader, reader.size(), $undefined, _depth + 1, message.quotaReply);
                        message.body = "quotaReply";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Envelope;
    })();

    nacre.Timespec = (function() {

        const Timespec = function (properties) {
            this.sec = Timespec.prototype.sec;
            this.nsec = Timespec.prototype.nsec;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Timespec.prototype.sec = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        Timespec.prototype.nsec = 0;

        Timespec.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.sec != null && $Object.hasOwnProperty.call(message, "sec") && (typeof message.sec === "object" ? message.sec.low || message.sec.high : message.sec !== 0))
                writer.uint32(8).sint64(message.sec);
            if (message.nsec != null && $Object.hasOwnProperty.call(message, "nsec") && message.nsec !== 0)
                writer.uint32(16).uint32(message.nsec);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Timespec.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Timespec();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sec = value;
                        else
                            delete message.sec;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.nsec = value;
                        else
                            delete message.nsec;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Timespec;
    })();

    nacre.Version = (function() {

        const Version = function (properties) {
            this.interval = Version.prototype.interval;
            this.counter = Version.prototype.counter;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Version.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Version.prototype.counter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        Version.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(8).uint64(message.interval);
            if (message.counter != null && $Object.hasOwnProperty.call(message, "counter") && (typeof message.counter === "object" ? message.counter.low || message.counter.high : message.counter !== 0))
                writer.uint32(16).uint64(message.counter);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Version.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Version();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.counter = value;
                        else
                            delete message.counter;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Version;
    })();

    nacre.KeyValue = (function() {

        const KeyValue = function (properties) {
            this.key = KeyValue.prototype.key;
            this.value = KeyValue.prototype.value;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyValue.prototype.key = $util.newBuffer([]);
        KeyValue.prototype.value = $util.newBuffer([]);

        KeyValue.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(10).bytes(message.key);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(18).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyValue.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.KeyValue();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KeyValue;
    })();

    nacre.Hello = (function() {

        const Hello = function (properties) {
            this.protocol = Hello.prototype.protocol;
            this.fsid = Hello.prototype.fsid;
            this.entity = Hello.prototype.entity;
            this.instance = Hello.prototype.instance;
            this.challenge = Hello.prototype.challenge;
            this.proof = Hello.prototype.proof;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Hello.prototype.protocol = 0;
        Hello.prototype.fsid = "";
        Hello.prototype.entity = "";
        Hello.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Hello.prototype.challenge = $util.newBuffer([]);
        Hello.prototype.proof = $util.newBuffer([]);

        Hello.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== 0)
                writer.uint32(8).uint32(message.protocol);
            if (message.fsid != null && $Object.hasOwnProperty.call(message, "fsid") && message.fsid !== "")
                writer.uint32(18).string(message.fsid);
            if (message.entity != null && $Object.hasOwnProperty.call(message, "entity") && message.entity !== "")
                writer.uint32(26).string(message.entity);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(32).uint64(message.instance);
            if (message.challenge != null && $Object.hasOwnProperty.call(message, "challenge") && message.challenge.length)
                writer.uint32(42).bytes(message.challenge);
            if (message.proof != null && $Object.hasOwnProperty.call(message, "proof") && message.proof.length)
                writer.uint32(50).bytes(message.proof);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Hello.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Hello();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.protocol = value;
                        else
                            delete message.protocol;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.fsid = value;
                        else
                            delete message.fsid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.entity = value;
                        else
                            delete message.entity;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.challenge = value;
                        else
                            delete message.challenge;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.proof = value;
                        else
                            delete message.proof;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hello;
    })();

    nacre.Cancel = (function() {

        const Cancel = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Cancel.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Cancel.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Cancel();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Cancel;
    })();

    nacre.Ping = (function() {

        const Ping = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Ping.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Ping.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Ping();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Ping;
    })();

    nacre.Pong = (function() {

        const Pong = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Pong.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Pong.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Pong();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Pong;
    })();

    nacre.ErrorInfo = (function() {

        const ErrorInfo = function (properties) {
            this.code = ErrorInfo.prototype.code;
            this.message = ErrorInfo.prototype.message;
            this.retry = ErrorInfo.prototype.retry;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ErrorInfo.prototype.code = "";
        ErrorInfo.prototype.message = "";
        ErrorInfo.prototype.retry = "";

        ErrorInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                writer.uint32(10).string(message.code);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(18).string(message.message);
            if (message.retry != null && $Object.hasOwnProperty.call(message, "retry") && message.retry !== "")
                writer.uint32(26).string(message.retry);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ErrorInfo.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ErrorInfo();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.retry = value;
                        else
                            delete message.retry;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ErrorInfo;
    })();

    nacre.MapRecord = (function() {

        const MapRecord = function (properties) {
            this.epoch = MapRecord.prototype.epoch;
            this.fsid = MapRecord.prototype.fsid;
            this.modifiedMs = MapRecord.prototype.modifiedMs;
            this.crush = MapRecord.prototype.crush;
            this.fullRatios = MapRecord.prototype.fullRatios;
            this.lastPoolId = MapRecord.prototype.lastPoolId;
            this.mons = [];
            this.osds = [];
            this.pools = [];
            this.pgs = [];
            this.filesystems = [];
            this.mdss = [];
            this.blocklist = [];
            this.flags = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapRecord.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MapRecord.prototype.fsid = "";
        MapRecord.prototype.modifiedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MapRecord.prototype.mons = $util.emptyArray;
        MapRecord.prototype.osds = $util.emptyArray;
        MapRecord.prototype.crush = null;
        MapRecord.prototype.pools = $util.emptyArray;
        MapRecord.prototype.pgs = $util.emptyArray;
        MapRecord.prototype.filesystems = $util.emptyArray;
        MapRecord.prototype.mdss = $util.emptyArray;
        MapRecord.prototype.blocklist = $util.emptyArray;
        MapRecord.prototype.flags = $util.emptyArray;
        MapRecord.prototype.fullRatios = null;
        MapRecord.prototype.lastPoolId = 0;

        MapRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.fsid != null && $Object.hasOwnProperty.call(message, "fsid") && message.fsid !== "")
                writer.uint32(18).string(message.fsid);
            if (message.modifiedMs != null && $Object.hasOwnProperty.call(message, "modifiedMs") && (typeof message.modifiedMs === "object" ? message.modifiedMs.low || message.modifiedMs.high : message.modifiedMs !== 0))
                writer.uint32(24).uint64(message.modifiedMs);
            if (message.mons != null && message.mons.length)
                for (let i = 0; i < message.mons.length; ++i)
                    $root.nacre.MonRecord.encode(message.mons[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.osds != null && message.osds.length)
                for (let i = 0; i < message.osds.length; ++i)
                    $root.nacre.OsdRecord.encode(message.osds[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.crush != null && $Object.hasOwnProperty.call(message, "crush"))
                $root.nacre.CrushRecord.encode(message.crush, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.pools != null && message.pools.length)
                for (let i = 0; i < message.pools.length; ++i)
                    $root.nacre.PoolRecord.encode(message.pools[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.pgs != null && message.pgs.length)
                for (let i = 0; i < message.pgs.length; ++i)
                    $root.nacre.PgActingRecord.encode(message.pgs[i], writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.filesystems != null && message.filesystems.length)
                for (let i = 0; i < message.filesystems.length; ++i)
                    $root.nacre.FilesystemRecord.encode(message.filesystems[i], writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.mdss != null && message.mdss.length)
                for (let i = 0; i < message.mdss.length; ++i)
                    $root.nacre.MdsRecord.encode(message.mdss[i], writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.blocklist != null && message.blocklist.length)
                for (let i = 0; i < message.blocklist.length; ++i)
                    $root.nacre.BlocklistRecord.encode(message.blocklist[i], writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.flags != null && message.flags.length)
                for (let i = 0; i < message.flags.length; ++i)
                    writer.uint32(98).string(message.flags[i]);
            if (message.fullRatios != null && $Object.hasOwnProperty.call(message, "fullRatios"))
                $root.nacre.FullRatiosRecord.encode(message.fullRatios, writer.uint32(106).fork(), _depth + 1).ldelim();
            if (message.lastPoolId != null && $Object.hasOwnProperty.call(message, "lastPoolId") && message.lastPoolId !== 0)
                writer.uint32(160).uint32(message.lastPoolId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.fsid = value;
                        else
                            delete message.fsid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.modifiedMs = value;
                        else
                            delete message.modifiedMs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.mons && message.mons.length))
                            message.mons = [];
                        message.mons.push($root.nacre.MonRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.osds && message.osds.length))
                            message.osds = [];
                        message.osds.push($root.nacre.OsdRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.crush = $root.nacre.CrushRecord.decode(reader, reader.size(), $undefined, _depth + 1, message.crush);
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pools && message.pools.length))
                            message.pools = [];
                        message.pools.push($root.nacre.PoolRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pgs && message.pgs.length))
                            message.pgs = [];
                        message.pgs.push($root.nacre.PgActingRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if (!(message.filesystems && message.filesystems.length))
                            message.filesystems = [];
                        message.filesystems.push($root.nacre.FilesystemRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.mdss && message.mdss.length))
                            message.mdss = [];
                        message.mdss.push($root.nacre.MdsRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if (!(message.blocklist && message.blocklist.length))
                            message.blocklist = [];
                        message.blocklist.push($root.nacre.BlocklistRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if (!(message.flags && message.flags.length))
                            message.flags = [];
                        message.flags.push(reader.stringVerify());
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        message.fullRatios = $root.nacre.FullRatiosRecord.decode(reader, reader.size(), $undefined, _depth + 1, message.fullRatios);
                        continue;
                    }
                case 20: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.lastPoolId = value;
                        else
                            delete message.lastPoolId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapRecord;
    })();

    nacre.FullRatiosRecord = (function() {

        const FullRatiosRecord = function (properties) {
            this.nearfull = FullRatiosRecord.prototype.nearfull;
            this.backfillfull = FullRatiosRecord.prototype.backfillfull;
            this.full = FullRatiosRecord.prototype.full;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FullRatiosRecord.prototype.nearfull = 0;
        FullRatiosRecord.prototype.backfillfull = 0;
        FullRatiosRecord.prototype.full = 0;

        FullRatiosRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nearfull != null && $Object.hasOwnProperty.call(message, "nearfull") && message.nearfull !== 0)
                writer.uint32(8).uint32(message.nearfull);
            if (message.backfillfull != null && $Object.hasOwnProperty.call(message, "backfillfull") && message.backfillfull !== 0)
                writer.uint32(16).uint32(message.backfillfull);
            if (message.full != null && $Object.hasOwnProperty.call(message, "full") && message.full !== 0)
                writer.uint32(24).uint32(message.full);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FullRatiosRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FullRatiosRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.nearfull = value;
                        else
                            delete message.nearfull;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.backfillfull = value;
                        else
                            delete message.backfillfull;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.full = value;
                        else
                            delete message.full;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FullRatiosRecord;
    })();

    nacre.MonRecord = (function() {

        const MonRecord = function (properties) {
            this.name = MonRecord.prototype.name;
            this.address = MonRecord.prototype.address;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MonRecord.prototype.name = "";
        MonRecord.prototype.address = "";

        MonRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(18).string(message.address);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MonRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MonRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MonRecord;
    })();

    nacre.OsdRecord = (function() {

        const OsdRecord = function (properties) {
            this.id = OsdRecord.prototype.id;
            this.uuid = OsdRecord.prototype.uuid;
            this.address = OsdRecord.prototype.address;
            this.host = OsdRecord.prototype.host;
            this.up = OsdRecord.prototype.up;
            this.autoOut = OsdRecord.prototype.autoOut;
            this.reweight = OsdRecord.prototype.reweight;
            this.instance = OsdRecord.prototype.instance;
            this.upFrom = OsdRecord.prototype.upFrom;
            this.downAt = OsdRecord.prototype.downAt;
            this.fullness = OsdRecord.prototype.fullness;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdRecord.prototype.id = 0;
        OsdRecord.prototype.uuid = "";
        OsdRecord.prototype.address = "";
        OsdRecord.prototype.host = "";
        OsdRecord.prototype.up = false;
        OsdRecord.prototype["in"] = false;
        OsdRecord.prototype.autoOut = false;
        OsdRecord.prototype.reweight = 0;
        OsdRecord.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdRecord.prototype.upFrom = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdRecord.prototype.downAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdRecord.prototype.fullness = 0;

        OsdRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(8).uint32(message.id);
            if (message.uuid != null && $Object.hasOwnProperty.call(message, "uuid") && message.uuid !== "")
                writer.uint32(18).string(message.uuid);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(26).string(message.address);
            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                writer.uint32(34).string(message.host);
            if (message.up != null && $Object.hasOwnProperty.call(message, "up") && message.up !== false)
                writer.uint32(40).bool(message.up);
            if (message["in"] != null && $Object.hasOwnProperty.call(message, "in") && message["in"] !== false)
                writer.uint32(48).bool(message["in"]);
            if (message.autoOut != null && $Object.hasOwnProperty.call(message, "autoOut") && message.autoOut !== false)
                writer.uint32(56).bool(message.autoOut);
            if (message.reweight != null && $Object.hasOwnProperty.call(message, "reweight") && message.reweight !== 0)
                writer.uint32(64).uint32(message.reweight);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(72).uint64(message.instance);
            if (message.upFrom != null && $Object.hasOwnProperty.call(message, "upFrom") && (typeof message.upFrom === "object" ? message.upFrom.low || message.upFrom.high : message.upFrom !== 0))
                writer.uint32(80).uint64(message.upFrom);
            if (message.downAt != null && $Object.hasOwnProperty.call(message, "downAt") && (typeof message.downAt === "object" ? message.downAt.low || message.downAt.high : message.downAt !== 0))
                writer.uint32(88).uint64(message.downAt);
            if (message.fullness != null && $Object.hasOwnProperty.call(message, "fullness") && message.fullness !== 0)
                writer.uint32(96).uint32(message.fullness);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.uuid = value;
                        else
                            delete message.uuid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.host = value;
                        else
                            delete message.host;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.up = value;
                        else
                            delete message.up;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message["in"] = value;
                        else
                            delete message["in"];
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.autoOut = value;
                        else
                            delete message.autoOut;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.reweight = value;
                        else
                            delete message.reweight;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.upFrom = value;
                        else
                            delete message.upFrom;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.downAt = value;
                        else
                            delete message.downAt;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fullness = value;
                        else
                            delete message.fullness;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdRecord;
    })();

    nacre.CrushRecord = (function() {

        const CrushRecord = function (properties) {
            this.buckets = [];
            this.rules = [];
            this.tunables = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CrushRecord.prototype.buckets = $util.emptyArray;
        CrushRecord.prototype.rules = $util.emptyArray;
        CrushRecord.prototype.tunables = $util.emptyArray;

        CrushRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.buckets != null && message.buckets.length)
                for (let i = 0; i < message.buckets.length; ++i)
                    $root.nacre.CrushBucketRecord.encode(message.buckets[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.rules != null && message.rules.length)
                for (let i = 0; i < message.rules.length; ++i)
                    $root.nacre.CrushRuleRecord.encode(message.rules[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.tunables != null && message.tunables.length)
                writer.uint32(26).uint32s(message.tunables);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CrushRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CrushRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.buckets && message.buckets.length))
                            message.buckets = [];
                        message.buckets.push($root.nacre.CrushBucketRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.rules && message.rules.length))
                            message.rules = [];
                        message.rules.push($root.nacre.CrushRuleRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.tunables && message.tunables.length))
                                message.tunables = [];
                            reader.uint32s(message.tunables);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.tunables && message.tunables.length))
                            message.tunables = [];
                        message.tunables.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CrushRecord;
    })();

    nacre.CrushBucketRecord = (function() {

        const CrushBucketRecord = function (properties) {
            this.id = CrushBucketRecord.prototype.id;
            this.name = CrushBucketRecord.prototype.name;
            this.type = CrushBucketRecord.prototype.type;
            this.items = [];
            this.weights = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CrushBucketRecord.prototype.id = 0;
        CrushBucketRecord.prototype.name = "";
        CrushBucketRecord.prototype.type = "";
        CrushBucketRecord.prototype.items = $util.emptyArray;
        CrushBucketRecord.prototype.weights = $util.emptyArray;

        CrushBucketRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(8).sint32(message.id);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(18).string(message.name);
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== "")
                writer.uint32(26).string(message.type);
            if (message.items != null && message.items.length)
                writer.uint32(34).sint32s(message.items);
            if (message.weights != null && message.weights.length)
                writer.uint32(42).uint64s(message.weights);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CrushBucketRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CrushBucketRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.sint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 4: {
                        if (wireType === 2) {
                            if (!(message.items && message.items.length))
                                message.items = [];
                            reader.sint32s(message.items);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.items && message.items.length))
                            message.items = [];
                        message.items.push(reader.sint32());
                        continue;
                    }
                case 5: {
                        if (wireType === 2) {
                            if (!(message.weights && message.weights.length))
                                message.weights = [];
                            reader.uint64s(message.weights);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.weights && message.weights.length))
                            message.weights = [];
                        message.weights.push(reader.uint64());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CrushBucketRecord;
    })();

    nacre.CrushRuleRecord = (function() {

        const CrushRuleRecord = function (properties) {
            this.name = CrushRuleRecord.prototype.name;
            this.root = CrushRuleRecord.prototype.root;
            this.failureDomain = CrushRuleRecord.prototype.failureDomain;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CrushRuleRecord.prototype.name = "";
        CrushRuleRecord.prototype.root = "";
        CrushRuleRecord.prototype.failureDomain = "";

        CrushRuleRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.root != null && $Object.hasOwnProperty.call(message, "root") && message.root !== "")
                writer.uint32(18).string(message.root);
            if (message.failureDomain != null && $Object.hasOwnProperty.call(message, "failureDomain") && message.failureDomain !== "")
                writer.uint32(26).string(message.failureDomain);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CrushRuleRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CrushRuleRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.root = value;
                        else
                            delete message.root;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.failureDomain = value;
                        else
                            delete message.failureDomain;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CrushRuleRecord;
    })();

    nacre.PoolRecord = (function() {

        const PoolRecord = function (properties) {
            this.id = PoolRecord.prototype.id;
            this.name = PoolRecord.prototype.name;
            this.size = PoolRecord.prototype.size;
            this.minSize = PoolRecord.prototype.minSize;
            this.pgNum = PoolRecord.prototype.pgNum;
            this.rule = PoolRecord.prototype.rule;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PoolRecord.prototype.id = 0;
        PoolRecord.prototype.name = "";
        PoolRecord.prototype.size = 0;
        PoolRecord.prototype.minSize = 0;
        PoolRecord.prototype.pgNum = 0;
        PoolRecord.prototype.rule = "";

        PoolRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(8).uint32(message.id);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(18).string(message.name);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && message.size !== 0)
                writer.uint32(24).uint32(message.size);
            if (message.minSize != null && $Object.hasOwnProperty.call(message, "minSize") && message.minSize !== 0)
                writer.uint32(32).uint32(message.minSize);
            if (message.pgNum != null && $Object.hasOwnProperty.call(message, "pgNum") && message.pgNum !== 0)
                writer.uint32(40).uint32(message.pgNum);
            if (message.rule != null && $Object.hasOwnProperty.call(message, "rule") && message.rule !== "")
                writer.uint32(50).string(message.rule);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PoolRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PoolRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.minSize = value;
                        else
                            delete message.minSize;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pgNum = value;
                        else
                            delete message.pgNum;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.rule = value;
                        else
                            delete message.rule;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PoolRecord;
    })();

    nacre.PgActingRecord = (function() {

        const PgActingRecord = function (properties) {
            this.pool = PgActingRecord.prototype.pool;
            this.seq = PgActingRecord.prototype.seq;
            this.interval = PgActingRecord.prototype.interval;
            this.lostAt = PgActingRecord.prototype.lostAt;
            this.acting = [];
            this.former = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgActingRecord.prototype.pool = 0;
        PgActingRecord.prototype.seq = 0;
        PgActingRecord.prototype.acting = $util.emptyArray;
        PgActingRecord.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgActingRecord.prototype.former = $util.emptyArray;
        PgActingRecord.prototype.lostAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgActingRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                writer.uint32(16).uint32(message.seq);
            if (message.acting != null && message.acting.length)
                writer.uint32(26).uint32s(message.acting);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(32).uint64(message.interval);
            if (message.former != null && message.former.length)
                for (let i = 0; i < message.former.length; ++i)
                    $root.nacre.FormerMemberRecord.encode(message.former[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.lostAt != null && $Object.hasOwnProperty.call(message, "lostAt") && (typeof message.lostAt === "object" ? message.lostAt.low || message.lostAt.high : message.lostAt !== 0))
                writer.uint32(48).uint64(message.lostAt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgActingRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgActingRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.acting && message.acting.length))
                                message.acting = [];
                            reader.uint32s(message.acting);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.acting && message.acting.length))
                            message.acting = [];
                        message.acting.push(reader.uint32());
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.former && message.former.length))
                            message.former = [];
                        message.former.push($root.nacre.FormerMemberRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lostAt = value;
                        else
                            delete message.lostAt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgActingRecord;
    })();

    nacre.FormerMemberRecord = (function() {

        const FormerMemberRecord = function (properties) {
            this.osd = FormerMemberRecord.prototype.osd;
            this.leftAt = FormerMemberRecord.prototype.leftAt;
            this.current = FormerMemberRecord.prototype.current;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FormerMemberRecord.prototype.osd = 0;
        FormerMemberRecord.prototype.leftAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FormerMemberRecord.prototype.current = false;

        FormerMemberRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.osd != null && $Object.hasOwnProperty.call(message, "osd") && message.osd !== 0)
                writer.uint32(8).uint32(message.osd);
            if (message.leftAt != null && $Object.hasOwnProperty.call(message, "leftAt") && (typeof message.leftAt === "object" ? message.leftAt.low || message.leftAt.high : message.leftAt !== 0))
                writer.uint32(16).uint64(message.leftAt);
            if (message.current != null && $Object.hasOwnProperty.call(message, "current") && message.current !== false)
                writer.uint32(24).bool(message.current);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FormerMemberRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FormerMemberRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.osd = value;
                        else
                            delete message.osd;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.leftAt = value;
                        else
                            delete message.leftAt;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.current = value;
                        else
                            delete message.current;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FormerMemberRecord;
    })();

    nacre.FilesystemRecord = (function() {

        const FilesystemRecord = function (properties) {
            this.name = FilesystemRecord.prototype.name;
            this.metadataPool = FilesystemRecord.prototype.metadataPool;
            this.dataPool = FilesystemRecord.prototype.dataPool;
            this.maxMds = FilesystemRecord.prototype.maxMds;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FilesystemRecord.prototype.name = "";
        FilesystemRecord.prototype.metadataPool = 0;
        FilesystemRecord.prototype.dataPool = 0;
        FilesystemRecord.prototype.maxMds = 0;

        FilesystemRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.metadataPool != null && $Object.hasOwnProperty.call(message, "metadataPool") && message.metadataPool !== 0)
                writer.uint32(16).uint32(message.metadataPool);
            if (message.dataPool != null && $Object.hasOwnProperty.call(message, "dataPool") && message.dataPool !== 0)
                writer.uint32(24).uint32(message.dataPool);
            if (message.maxMds != null && $Object.hasOwnProperty.call(message, "maxMds") && message.maxMds !== 0)
                writer.uint32(32).uint32(message.maxMds);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FilesystemRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FilesystemRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.metadataPool = value;
                        else
                            delete message.metadataPool;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.dataPool = value;
                        else
                            delete message.dataPool;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxMds = value;
                        else
                            delete message.maxMds;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FilesystemRecord;
    })();

    nacre.MdsRecord = (function() {

        const MdsRecord = function (properties) {
            this.name = MdsRecord.prototype.name;
            this.address = MdsRecord.prototype.address;
            this.instance = MdsRecord.prototype.instance;
            this.state = MdsRecord.prototype.state;
            this.rank = MdsRecord.prototype.rank;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MdsRecord.prototype.name = "";
        MdsRecord.prototype.address = "";
        MdsRecord.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsRecord.prototype.state = "";
        MdsRecord.prototype.rank = 0;

        MdsRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(18).string(message.address);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(24).uint64(message.instance);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                writer.uint32(34).string(message.state);
            if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                writer.uint32(40).sint32(message.rank);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MdsRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MdsRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.sint32())
                            message.rank = value;
                        else
                            delete message.rank;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MdsRecord;
    })();

    nacre.BlocklistRecord = (function() {

        const BlocklistRecord = function (properties) {
            this.instance = BlocklistRecord.prototype.instance;
            this.untilMs = BlocklistRecord.prototype.untilMs;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        BlocklistRecord.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        BlocklistRecord.prototype.untilMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        BlocklistRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(8).uint64(message.instance);
            if (message.untilMs != null && $Object.hasOwnProperty.call(message, "untilMs") && (typeof message.untilMs === "object" ? message.untilMs.low || message.untilMs.high : message.untilMs !== 0))
                writer.uint32(16).uint64(message.untilMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        BlocklistRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.BlocklistRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.untilMs = value;
                        else
                            delete message.untilMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BlocklistRecord;
    })();

    nacre.IncrementRecord = (function() {

        const IncrementRecord = function (properties) {
            this.changed = IncrementRecord.prototype.changed;
            this.mons = IncrementRecord.prototype.mons;
            this.filesystems = IncrementRecord.prototype.filesystems;
            this.flags = IncrementRecord.prototype.flags;
            this.removedOsds = [];
            this.removedPools = [];
            this.removedPgs = [];
            this.removedMdss = [];
            this.removedBlocklist = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        IncrementRecord.prototype.changed = null;
        IncrementRecord.prototype.mons = false;
        IncrementRecord.prototype.filesystems = false;
        IncrementRecord.prototype.flags = false;
        IncrementRecord.prototype.removedOsds = $util.emptyArray;
        IncrementRecord.prototype.removedPools = $util.emptyArray;
        IncrementRecord.prototype.removedPgs = $util.emptyArray;
        IncrementRecord.prototype.removedMdss = $util.emptyArray;
        IncrementRecord.prototype.removedBlocklist = $util.emptyArray;

        IncrementRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.changed != null && $Object.hasOwnProperty.call(message, "changed"))
                $root.nacre.MapRecord.encode(message.changed, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.mons != null && $Object.hasOwnProperty.call(message, "mons") && message.mons !== false)
                writer.uint32(16).bool(message.mons);
            if (message.filesystems != null && $Object.hasOwnProperty.call(message, "filesystems") && message.filesystems !== false)
                writer.uint32(24).bool(message.filesystems);
            if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== false)
                writer.uint32(32).bool(message.flags);
            if (message.removedOsds != null && message.removedOsds.length)
                writer.uint32(42).uint32s(message.removedOsds);
            if (message.removedPools != null && message.removedPools.length)
                writer.uint32(50).uint32s(message.removedPools);
            if (message.removedPgs != null && message.removedPgs.length)
                for (let i = 0; i < message.removedPgs.length; ++i)
                    writer.uint32(58).string(message.removedPgs[i]);
            if (message.removedMdss != null && message.removedMdss.length)
                for (let i = 0; i < message.removedMdss.length; ++i)
                    writer.uint32(66).string(message.removedMdss[i]);
            if (message.removedBlocklist != null && message.removedBlocklist.length)
                writer.uint32(74).uint64s(message.removedBlocklist);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        IncrementRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.IncrementRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.changed = $root.nacre.MapRecord.decode(reader, reader.size(), $undefined, _depth + 1, message.changed);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.mons = value;
                        else
                            delete message.mons;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.filesystems = value;
                        else
                            delete message.filesystems;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.flags = value;
                        else
                            delete message.flags;
                        continue;
                    }
                case 5: {
                        if (wireType === 2) {
                            if (!(message.removedOsds && message.removedOsds.length))
                                message.removedOsds = [];
                            reader.uint32s(message.removedOsds);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.removedOsds && message.removedOsds.length))
                            message.removedOsds = [];
                        message.removedOsds.push(reader.uint32());
                        continue;
                    }
                case 6: {
                        if (wireType === 2) {
                            if (!(message.removedPools && message.removedPools.length))
                                message.removedPools = [];
                            reader.uint32s(message.removedPools);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.removedPools && message.removedPools.length))
                            message.removedPools = [];
                        message.removedPools.push(reader.uint32());
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.removedPgs && message.removedPgs.length))
                            message.removedPgs = [];
                        message.removedPgs.push(reader.stringVerify());
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.removedMdss && message.removedMdss.length))
                            message.removedMdss = [];
                        message.removedMdss.push(reader.stringVerify());
                        continue;
                    }
                case 9: {
                        if (wireType === 2) {
                            if (!(message.removedBlocklist && message.removedBlocklist.length))
                                message.removedBlocklist = [];
                            reader.uint64s(message.removedBlocklist);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.removedBlocklist && message.removedBlocklist.length))
                            message.removedBlocklist = [];
                        message.removedBlocklist.push(reader.uint64());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return IncrementRecord;
    })();

    nacre.MapSubscribeRequest = (function() {

        const MapSubscribeRequest = function (properties) {
            this.haveEpoch = MapSubscribeRequest.prototype.haveEpoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapSubscribeRequest.prototype.haveEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        MapSubscribeRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.haveEpoch != null && $Object.hasOwnProperty.call(message, "haveEpoch") && (typeof message.haveEpoch === "object" ? message.haveEpoch.low || message.haveEpoch.high : message.haveEpoch !== 0))
                writer.uint32(8).uint64(message.haveEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapSubscribeRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapSubscribeRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.haveEpoch = value;
                        else
                            delete message.haveEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapSubscribeRequest;
    })();

    nacre.MapSubscribeReply = (function() {

        const MapSubscribeReply = function (properties) {
            this.epoch = MapSubscribeReply.prototype.epoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapSubscribeReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        MapSubscribeReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapSubscribeReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapSubscribeReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapSubscribeReply;
    })();

    nacre.MapUpdate = (function() {

        const MapUpdate = function (properties) {
            this.epoch = MapUpdate.prototype.epoch;
            this.baseEpoch = MapUpdate.prototype.baseEpoch;
            this.full = MapUpdate.prototype.full;
            this.increments = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapUpdate.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MapUpdate.prototype.baseEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MapUpdate.prototype.full = $util.newBuffer([]);
        MapUpdate.prototype.increments = $util.emptyArray;

        MapUpdate.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.baseEpoch != null && $Object.hasOwnProperty.call(message, "baseEpoch") && (typeof message.baseEpoch === "object" ? message.baseEpoch.low || message.baseEpoch.high : message.baseEpoch !== 0))
                writer.uint32(16).uint64(message.baseEpoch);
            if (message.full != null && $Object.hasOwnProperty.call(message, "full") && message.full.length)
                writer.uint32(26).bytes(message.full);
            if (message.increments != null && message.increments.length)
                for (let i = 0; i < message.increments.length; ++i)
                    writer.uint32(34).bytes(message.increments[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapUpdate.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapUpdate();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.baseEpoch = value;
                        else
                            delete message.baseEpoch;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.full = value;
                        else
                            delete message.full;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.increments && message.increments.length))
                            message.increments = [];
                        message.increments.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapUpdate;
    })();

    nacre.MapGetRequest = (function() {

        const MapGetRequest = function (properties) {
            this.haveEpoch = MapGetRequest.prototype.haveEpoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapGetRequest.prototype.haveEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        MapGetRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.haveEpoch != null && $Object.hasOwnProperty.call(message, "haveEpoch") && (typeof message.haveEpoch === "object" ? message.haveEpoch.low || message.haveEpoch.high : message.haveEpoch !== 0))
                writer.uint32(8).uint64(message.haveEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapGetRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapGetRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.haveEpoch = value;
                        else
                            delete message.haveEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapGetRequest;
    })();

    nacre.MapGetReply = (function() {

        const MapGetReply = function (properties) {
            this.update = MapGetReply.prototype.update;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MapGetReply.prototype.update = null;

        MapGetReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.update != null && $Object.hasOwnProperty.call(message, "update"))
                $root.nacre.MapUpdate.encode(message.update, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MapGetReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MapGetReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.update = $root.nacre.MapUpdate.decode(reader, reader.size(), $undefined, _depth + 1, message.update);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MapGetReply;
    })();

    nacre.OsdBootRequest = (function() {

        const OsdBootRequest = function (properties) {
            this.osd = OsdBootRequest.prototype.osd;
            this.uuid = OsdBootRequest.prototype.uuid;
            this.instance = OsdBootRequest.prototype.instance;
            this.address = OsdBootRequest.prototype.address;
            this.host = OsdBootRequest.prototype.host;
            this.totalBytes = OsdBootRequest.prototype.totalBytes;
            this.newestEpoch = OsdBootRequest.prototype.newestEpoch;
            this.rack = OsdBootRequest.prototype.rack;
            this.weight = OsdBootRequest.prototype.weight;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdBootRequest.prototype.osd = 0;
        OsdBootRequest.prototype.uuid = "";
        OsdBootRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBootRequest.prototype.address = "";
        OsdBootRequest.prototype.host = "";
        OsdBootRequest.prototype.totalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBootRequest.prototype.newestEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBootRequest.prototype.rack = "";
        OsdBootRequest.prototype.weight = 0;

        OsdBootRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.osd != null && $Object.hasOwnProperty.call(message, "osd") && message.osd !== 0)
                writer.uint32(8).uint32(message.osd);
            if (message.uuid != null && $Object.hasOwnProperty.call(message, "uuid") && message.uuid !== "")
                writer.uint32(18).string(message.uuid);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(24).uint64(message.instance);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(34).string(message.address);
            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                writer.uint32(42).string(message.host);
            if (message.totalBytes != null && $Object.hasOwnProperty.call(message, "totalBytes") && (typeof message.totalBytes === "object" ? message.totalBytes.low || message.totalBytes.high : message.totalBytes !== 0))
                writer.uint32(48).uint64(message.totalBytes);
            if (message.newestEpoch != null && $Object.hasOwnProperty.call(message, "newestEpoch") && (typeof message.newestEpoch === "object" ? message.newestEpoch.low || message.newestEpoch.high : message.newestEpoch !== 0))
                writer.uint32(56).uint64(message.newestEpoch);
            if (message.rack != null && $Object.hasOwnProperty.call(message, "rack") && message.rack !== "")
                writer.uint32(162).string(message.rack);
            if (message.weight != null && $Object.hasOwnProperty.call(message, "weight") && message.weight !== 0)
                writer.uint32(168).uint32(message.weight);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdBootRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdBootRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.osd = value;
                        else
                            delete message.osd;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.uuid = value;
                        else
                            delete message.uuid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.host = value;
                        else
                            delete message.host;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.totalBytes = value;
                        else
                            delete message.totalBytes;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.newestEpoch = value;
                        else
                            delete message.newestEpoch;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.rack = value;
                        else
                            delete message.rack;
                        continue;
                    }
                case 21: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.weight = value;
                        else
                            delete message.weight;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdBootRequest;
    })();

    nacre.OsdBootReply = (function() {

        const OsdBootReply = function (properties) {
            this.epoch = OsdBootReply.prototype.epoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdBootReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        OsdBootReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdBootReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdBootReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdBootReply;
    })();

    nacre.OsdBeaconRequest = (function() {

        const OsdBeaconRequest = function (properties) {
            this.osd = OsdBeaconRequest.prototype.osd;
            this.instance = OsdBeaconRequest.prototype.instance;
            this.epoch = OsdBeaconRequest.prototype.epoch;
            this.usedBytes = OsdBeaconRequest.prototype.usedBytes;
            this.totalBytes = OsdBeaconRequest.prototype.totalBytes;
            this.objects = OsdBeaconRequest.prototype.objects;
            this.storedBytes = OsdBeaconRequest.prototype.storedBytes;
            this.pgs = [];
            this.unreachable = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdBeaconRequest.prototype.osd = 0;
        OsdBeaconRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.usedBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.totalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.objects = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.pgs = $util.emptyArray;
        OsdBeaconRequest.prototype.storedBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconRequest.prototype.unreachable = $util.emptyArray;

        OsdBeaconRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.osd != null && $Object.hasOwnProperty.call(message, "osd") && message.osd !== 0)
                writer.uint32(8).uint32(message.osd);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(24).uint64(message.epoch);
            if (message.usedBytes != null && $Object.hasOwnProperty.call(message, "usedBytes") && (typeof message.usedBytes === "object" ? message.usedBytes.low || message.usedBytes.high : message.usedBytes !== 0))
                writer.uint32(32).uint64(message.usedBytes);
            if (message.totalBytes != null && $Object.hasOwnProperty.call(message, "totalBytes") && (typeof message.totalBytes === "object" ? message.totalBytes.low || message.totalBytes.high : message.totalBytes !== 0))
                writer.uint32(40).uint64(message.totalBytes);
            if (message.objects != null && $Object.hasOwnProperty.call(message, "objects") && (typeof message.objects === "object" ? message.objects.low || message.objects.high : message.objects !== 0))
                writer.uint32(48).uint64(message.objects);
            if (message.pgs != null && message.pgs.length)
                for (let i = 0; i < message.pgs.length; ++i)
                    $root.nacre.PgStat.encode(message.pgs[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.storedBytes != null && $Object.hasOwnProperty.call(message, "storedBytes") && (typeof message.storedBytes === "object" ? message.storedBytes.low || message.storedBytes.high : message.storedBytes !== 0))
                writer.uint32(64).uint64(message.storedBytes);
            if (message.unreachable != null && message.unreachable.length)
                for (let i = 0; i < message.unreachable.length; ++i)
                    $root.nacre.UnreachablePeer.encode(message.unreachable[i], writer.uint32(162).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdBeaconRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdBeaconRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.osd = value;
                        else
                            delete message.osd;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.usedBytes = value;
                        else
                            delete message.usedBytes;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.totalBytes = value;
                        else
                            delete message.totalBytes;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.objects = value;
                        else
                            delete message.objects;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.pgs && message.pgs.length))
                            message.pgs = [];
                        message.pgs.push($root.nacre.PgStat.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.storedBytes = value;
                        else
                            delete message.storedBytes;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        if (!(message.unreachable && message.unreachable.length))
                            message.unreachable = [];
                        message.unreachable.push($root.nacre.UnreachablePeer.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdBeaconRequest;
    })();

    nacre.UnreachablePeer = (function() {

        const UnreachablePeer = function (properties) {
            this.osd = UnreachablePeer.prototype.osd;
            this.instance = UnreachablePeer.prototype.instance;
            this.forMs = UnreachablePeer.prototype.forMs;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UnreachablePeer.prototype.osd = 0;
        UnreachablePeer.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        UnreachablePeer.prototype.forMs = 0;

        UnreachablePeer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.osd != null && $Object.hasOwnProperty.call(message, "osd") && message.osd !== 0)
                writer.uint32(8).uint32(message.osd);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.forMs != null && $Object.hasOwnProperty.call(message, "forMs") && message.forMs !== 0)
                writer.uint32(24).uint32(message.forMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UnreachablePeer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.UnreachablePeer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.osd = value;
                        else
                            delete message.osd;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.forMs = value;
                        else
                            delete message.forMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UnreachablePeer;
    })();

    nacre.PgStat = (function() {

        const PgStat = function (properties) {
            this.pg = PgStat.prototype.pg;
            this.state = PgStat.prototype.state;
            this.interval = PgStat.prototype.interval;
            this.objects = PgStat.prototype.objects;
            this.bytes = PgStat.prototype.bytes;
            this.degraded = PgStat.prototype.degraded;
            this.misplaced = PgStat.prototype.misplaced;
            this.recoveredObjectsPerSecond = PgStat.prototype.recoveredObjectsPerSecond;
            this.recoveredBytesPerSecond = PgStat.prototype.recoveredBytesPerSecond;
            this.lastScrubMs = PgStat.prototype.lastScrubMs;
            this.lastDeepScrubMs = PgStat.prototype.lastDeepScrubMs;
            this.scrubErrors = PgStat.prototype.scrubErrors;
            this.scrubOrder = PgStat.prototype.scrubOrder;
            this.unfoundObjects = PgStat.prototype.unfoundObjects;
            this.findings = [];
            this.unfound = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgStat.prototype.pg = "";
        PgStat.prototype.state = "";
        PgStat.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.objects = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.degraded = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.misplaced = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.recoveredObjectsPerSecond = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.recoveredBytesPerSecond = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.lastScrubMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.lastDeepScrubMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.scrubErrors = 0;
        PgStat.prototype.findings = $util.emptyArray;
        PgStat.prototype.scrubOrder = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgStat.prototype.unfoundObjects = 0;
        PgStat.prototype.unfound = $util.emptyArray;

        PgStat.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== "")
                writer.uint32(10).string(message.pg);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                writer.uint32(18).string(message.state);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.objects != null && $Object.hasOwnProperty.call(message, "objects") && (typeof message.objects === "object" ? message.objects.low || message.objects.high : message.objects !== 0))
                writer.uint32(32).uint64(message.objects);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(40).uint64(message.bytes);
            if (message.degraded != null && $Object.hasOwnProperty.call(message, "degraded") && (typeof message.degraded === "object" ? message.degraded.low || message.degraded.high : message.degraded !== 0))
                writer.uint32(48).uint64(message.degraded);
            if (message.misplaced != null && $Object.hasOwnProperty.call(message, "misplaced") && (typeof message.misplaced === "object" ? message.misplaced.low || message.misplaced.high : message.misplaced !== 0))
                writer.uint32(56).uint64(message.misplaced);
            if (message.recoveredObjectsPerSecond != null && $Object.hasOwnProperty.call(message, "recoveredObjectsPerSecond") && (typeof message.recoveredObjectsPerSecond === "object" ? message.recoveredObjectsPerSecond.low || message.recoveredObjectsPerSecond.high : message.recoveredObjectsPerSecond !== 0))
                writer.uint32(64).uint64(message.recoveredObjectsPerSecond);
            if (message.recoveredBytesPerSecond != null && $Object.hasOwnProperty.call(message, "recoveredBytesPerSecond") && (typeof message.recoveredBytesPerSecond === "object" ? message.recoveredBytesPerSecond.low || message.recoveredBytesPerSecond.high : message.recoveredBytesPerSecond !== 0))
                writer.uint32(72).uint64(message.recoveredBytesPerSecond);
            if (message.lastScrubMs != null && $Object.hasOwnProperty.call(message, "lastScrubMs") && (typeof message.lastScrubMs === "object" ? message.lastScrubMs.low || message.lastScrubMs.high : message.lastScrubMs !== 0))
                writer.uint32(160).uint64(message.lastScrubMs);
            if (message.lastDeepScrubMs != null && $Object.hasOwnProperty.call(message, "lastDeepScrubMs") && (typeof message.lastDeepScrubMs === "object" ? message.lastDeepScrubMs.low || message.lastDeepScrubMs.high : message.lastDeepScrubMs !== 0))
                writer.uint32(168).uint64(message.lastDeepScrubMs);
            if (message.scrubErrors != null && $Object.hasOwnProperty.call(message, "scrubErrors") && message.scrubErrors !== 0)
                writer.uint32(176).uint32(message.scrubErrors);
            if (message.findings != null && message.findings.length)
                for (let i = 0; i < message.findings.length; ++i)
                    $root.nacre.ScrubFinding.encode(message.findings[i], writer.uint32(186).fork(), _depth + 1).ldelim();
            if (message.scrubOrder != null && $Object.hasOwnProperty.call(message, "scrubOrder") && (typeof message.scrubOrder === "object" ? message.scrubOrder.low || message.scrubOrder.high : message.scrubOrder !== 0))
                writer.uint32(192).uint64(message.scrubOrder);
            if (message.unfoundObjects != null && $Object.hasOwnProperty.call(message, "unfoundObjects") && message.unfoundObjects !== 0)
                writer.uint32(200).uint32(message.unfoundObjects);
            if (message.unfound != null && message.unfound.length)
                for (let i = 0; i < message.unfound.length; ++i)
                    $root.nacre.UnfoundObject.encode(message.unfound[i], writer.uint32(210).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgStat.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgStat();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.objects = value;
                        else
                            delete message.objects;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.degraded = value;
                        else
                            delete message.degraded;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.misplaced = value;
                        else
                            delete message.misplaced;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.recoveredObjectsPerSecond = value;
                        else
                            delete message.recoveredObjectsPerSecond;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.recoveredBytesPerSecond = value;
                        else
                            delete message.recoveredBytesPerSecond;
                        continue;
                    }
                case 20: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lastScrubMs = value;
                        else
                            delete message.lastScrubMs;
                        continue;
                    }
                case 21: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lastDeepScrubMs = value;
                        else
                            delete message.lastDeepScrubMs;
                        continue;
                    }
                case 22: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.scrubErrors = value;
                        else
                            delete message.scrubErrors;
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        if (!(message.findings && message.findings.length))
                            message.findings = [];
                        message.findings.push($root.nacre.ScrubFinding.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 24: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.scrubOrder = value;
                        else
                            delete message.scrubOrder;
                        continue;
                    }
                case 25: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.unfoundObjects = value;
                        else
                            delete message.unfoundObjects;
                        continue;
                    }
                case 26: {
                        if (wireType !== 2)
                            break;
                        if (!(message.unfound && message.unfound.length))
                            message.unfound = [];
                        message.unfound.push($root.nacre.UnfoundObject.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgStat;
    })();

    nacre.UnfoundObject = (function() {

        const UnfoundObject = function (properties) {
            this.object = UnfoundObject.prototype.object;
            this.osds = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UnfoundObject.prototype.object = "";
        UnfoundObject.prototype.osds = $util.emptyArray;

        UnfoundObject.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(10).string(message.object);
            if (message.osds != null && message.osds.length)
                writer.uint32(18).uint32s(message.osds);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UnfoundObject.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.UnfoundObject();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.osds && message.osds.length))
                                message.osds = [];
                            reader.uint32s(message.osds);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.osds && message.osds.length))
                            message.osds = [];
                        message.osds.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UnfoundObject;
    })();

    nacre.ScrubFinding = (function() {

        const ScrubFinding = function (properties) {
            this.object = ScrubFinding.prototype.object;
            this.osd = ScrubFinding.prototype.osd;
            this.detail = ScrubFinding.prototype.detail;
            this.what = [];
            this.good = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubFinding.prototype.object = "";
        ScrubFinding.prototype.osd = 0;
        ScrubFinding.prototype.what = $util.emptyArray;
        ScrubFinding.prototype.good = $util.emptyArray;
        ScrubFinding.prototype.detail = "";

        ScrubFinding.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(10).string(message.object);
            if (message.osd != null && $Object.hasOwnProperty.call(message, "osd") && message.osd !== 0)
                writer.uint32(16).uint32(message.osd);
            if (message.what != null && message.what.length)
                for (let i = 0; i < message.what.length; ++i)
                    writer.uint32(26).string(message.what[i]);
            if (message.good != null && message.good.length)
                writer.uint32(34).uint32s(message.good);
            if (message.detail != null && $Object.hasOwnProperty.call(message, "detail") && message.detail !== "")
                writer.uint32(42).string(message.detail);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubFinding.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubFinding();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.osd = value;
                        else
                            delete message.osd;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.what && message.what.length))
                            message.what = [];
                        message.what.push(reader.stringVerify());
                        continue;
                    }
                case 4: {
                        if (wireType === 2) {
                            if (!(message.good && message.good.length))
                                message.good = [];
                            reader.uint32s(message.good);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.good && message.good.length))
                            message.good = [];
                        message.good.push(reader.uint32());
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.detail = value;
                        else
                            delete message.detail;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubFinding;
    })();

    nacre.OsdBeaconReply = (function() {

        const OsdBeaconReply = function (properties) {
            this.epoch = OsdBeaconReply.prototype.epoch;
            this.leaseMs = OsdBeaconReply.prototype.leaseMs;
            this.scrubOrders = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdBeaconReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdBeaconReply.prototype.leaseMs = 0;
        OsdBeaconReply.prototype.scrubOrders = $util.emptyArray;

        OsdBeaconReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.leaseMs != null && $Object.hasOwnProperty.call(message, "leaseMs") && message.leaseMs !== 0)
                writer.uint32(16).uint32(message.leaseMs);
            if (message.scrubOrders != null && message.scrubOrders.length)
                for (let i = 0; i < message.scrubOrders.length; ++i)
                    $root.nacre.ScrubOrder.encode(message.scrubOrders[i], writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdBeaconReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdBeaconReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leaseMs = value;
                        else
                            delete message.leaseMs;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.scrubOrders && message.scrubOrders.length))
                            message.scrubOrders = [];
                        message.scrubOrders.push($root.nacre.ScrubOrder.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdBeaconReply;
    })();

    nacre.ScrubOrder = (function() {

        const ScrubOrder = function (properties) {
            this.pg = ScrubOrder.prototype.pg;
            this.id = ScrubOrder.prototype.id;
            this.kind = ScrubOrder.prototype.kind;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubOrder.prototype.pg = "";
        ScrubOrder.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubOrder.prototype.kind = "";

        ScrubOrder.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== "")
                writer.uint32(10).string(message.pg);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(16).uint64(message.id);
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                writer.uint32(26).string(message.kind);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubOrder.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubOrder();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubOrder;
    })();

    nacre.FailureReportRequest = (function() {

        const FailureReportRequest = function (properties) {
            this.entity = FailureReportRequest.prototype.entity;
            this.instance = FailureReportRequest.prototype.instance;
            this.refused = FailureReportRequest.prototype.refused;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FailureReportRequest.prototype.entity = "";
        FailureReportRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FailureReportRequest.prototype.refused = false;

        FailureReportRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.entity != null && $Object.hasOwnProperty.call(message, "entity") && message.entity !== "")
                writer.uint32(10).string(message.entity);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.refused != null && $Object.hasOwnProperty.call(message, "refused") && message.refused !== false)
                writer.uint32(24).bool(message.refused);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FailureReportRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FailureReportRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.entity = value;
                        else
                            delete message.entity;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.refused = value;
                        else
                            delete message.refused;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FailureReportRequest;
    })();

    nacre.FailureReportReply = (function() {

        const FailureReportReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FailureReportReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FailureReportReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FailureReportReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FailureReportReply;
    })();

    nacre.PgCertifyRequest = (function() {

        const PgCertifyRequest = function (properties) {
            this.pg = PgCertifyRequest.prototype.pg;
            this.interval = PgCertifyRequest.prototype.interval;
            this.osds = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgCertifyRequest.prototype.pg = "";
        PgCertifyRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgCertifyRequest.prototype.osds = $util.emptyArray;

        PgCertifyRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== "")
                writer.uint32(10).string(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(16).uint64(message.interval);
            if (message.osds != null && message.osds.length)
                writer.uint32(26).uint32s(message.osds);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgCertifyRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgCertifyRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.osds && message.osds.length))
                                message.osds = [];
                            reader.uint32s(message.osds);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.osds && message.osds.length))
                            message.osds = [];
                        message.osds.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgCertifyRequest;
    })();

    nacre.PgCertifyReply = (function() {

        const PgCertifyReply = function (properties) {
            this.epoch = PgCertifyReply.prototype.epoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgCertifyReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgCertifyReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgCertifyReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgCertifyReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgCertifyReply;
    })();

    nacre.MdsBeaconRequest = (function() {

        const MdsBeaconRequest = function (properties) {
            this.name = MdsBeaconRequest.prototype.name;
            this.instance = MdsBeaconRequest.prototype.instance;
            this.address = MdsBeaconRequest.prototype.address;
            this.state = MdsBeaconRequest.prototype.state;
            this.epoch = MdsBeaconRequest.prototype.epoch;
            this.replayedBytes = MdsBeaconRequest.prototype.replayedBytes;
            this.journalBytes = MdsBeaconRequest.prototype.journalBytes;
            this.trouble = MdsBeaconRequest.prototype.trouble;
            this.damageCount = MdsBeaconRequest.prototype.damageCount;
            this.scrub = MdsBeaconRequest.prototype.scrub;
            this.damage = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MdsBeaconRequest.prototype.name = "";
        MdsBeaconRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsBeaconRequest.prototype.address = "";
        MdsBeaconRequest.prototype.state = "";
        MdsBeaconRequest.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsBeaconRequest.prototype.replayedBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsBeaconRequest.prototype.journalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsBeaconRequest.prototype.trouble = "";
        MdsBeaconRequest.prototype.damageCount = 0;
        MdsBeaconRequest.prototype.damage = $util.emptyArray;
        MdsBeaconRequest.prototype.scrub = null;

        MdsBeaconRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                writer.uint32(26).string(message.address);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                writer.uint32(34).string(message.state);
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(40).uint64(message.epoch);
            if (message.replayedBytes != null && $Object.hasOwnProperty.call(message, "replayedBytes") && (typeof message.replayedBytes === "object" ? message.replayedBytes.low || message.replayedBytes.high : message.replayedBytes !== 0))
                writer.uint32(48).uint64(message.replayedBytes);
            if (message.journalBytes != null && $Object.hasOwnProperty.call(message, "journalBytes") && (typeof message.journalBytes === "object" ? message.journalBytes.low || message.journalBytes.high : message.journalBytes !== 0))
                writer.uint32(56).uint64(message.journalBytes);
            if (message.trouble != null && $Object.hasOwnProperty.call(message, "trouble") && message.trouble !== "")
                writer.uint32(162).string(message.trouble);
            if (message.damageCount != null && $Object.hasOwnProperty.call(message, "damageCount") && message.damageCount !== 0)
                writer.uint32(168).uint32(message.damageCount);
            if (message.damage != null && message.damage.length)
                for (let i = 0; i < message.damage.length; ++i)
                    $root.nacre.MetadataDamage.encode(message.damage[i], writer.uint32(178).fork(), _depth + 1).ldelim();
            if (message.scrub != null && $Object.hasOwnProperty.call(message, "scrub"))
                $root.nacre.FsScrubStatus.encode(message.scrub, writer.uint32(186).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MdsBeaconRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MdsBeaconRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.address = value;
                        else
                            delete message.address;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.replayedBytes = value;
                        else
                            delete message.replayedBytes;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.journalBytes = value;
                        else
                            delete message.journalBytes;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.trouble = value;
                        else
                            delete message.trouble;
                        continue;
                    }
                case 21: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.damageCount = value;
                        else
                            delete message.damageCount;
                        continue;
                    }
                case 22: {
                        if (wireType !== 2)
                            break;
                        if (!(message.damage && message.damage.length))
                            message.damage = [];
                        message.damage.push($root.nacre.MetadataDamage.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        message.scrub = $root.nacre.FsScrubStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.scrub);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MdsBeaconRequest;
    })();

    nacre.MdsBeaconReply = (function() {

        const MdsBeaconReply = function (properties) {
            this.epoch = MdsBeaconReply.prototype.epoch;
            this.leaseMs = MdsBeaconReply.prototype.leaseMs;
            this.scrubOrder = MdsBeaconReply.prototype.scrubOrder;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MdsBeaconReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MdsBeaconReply.prototype.leaseMs = 0;
        MdsBeaconReply.prototype.scrubOrder = null;

        MdsBeaconReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.leaseMs != null && $Object.hasOwnProperty.call(message, "leaseMs") && message.leaseMs !== 0)
                writer.uint32(16).uint32(message.leaseMs);
            if (message.scrubOrder != null && $Object.hasOwnProperty.call(message, "scrubOrder"))
                $root.nacre.FsScrubOrder.encode(message.scrubOrder, writer.uint32(162).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MdsBeaconReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MdsBeaconReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leaseMs = value;
                        else
                            delete message.leaseMs;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        message.scrubOrder = $root.nacre.FsScrubOrder.decode(reader, reader.size(), $undefined, _depth + 1, message.scrubOrder);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MdsBeaconReply;
    })();

    nacre.MetadataDamage = (function() {

        const MetadataDamage = function (properties) {
            this.path = MetadataDamage.prototype.path;
            this.ino = MetadataDamage.prototype.ino;
            this.object = MetadataDamage.prototype.object;
            this.what = MetadataDamage.prototype.what;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        MetadataDamage.prototype.path = "";
        MetadataDamage.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        MetadataDamage.prototype.object = "";
        MetadataDamage.prototype.what = "";

        MetadataDamage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                writer.uint32(10).string(message.path);
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(26).string(message.object);
            if (message.what != null && $Object.hasOwnProperty.call(message, "what") && message.what !== "")
                writer.uint32(34).string(message.what);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        MetadataDamage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.MetadataDamage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.path = value;
                        else
                            delete message.path;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.what = value;
                        else
                            delete message.what;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MetadataDamage;
    })();

    nacre.FsScrubOrder = (function() {

        const FsScrubOrder = function (properties) {
            this.id = FsScrubOrder.prototype.id;
            this.action = FsScrubOrder.prototype.action;
            this.path = FsScrubOrder.prototype.path;
            this.repair = FsScrubOrder.prototype.repair;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FsScrubOrder.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubOrder.prototype.action = "";
        FsScrubOrder.prototype.path = "";
        FsScrubOrder.prototype.repair = false;

        FsScrubOrder.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                writer.uint32(8).uint64(message.id);
            if (message.action != null && $Object.hasOwnProperty.call(message, "action") && message.action !== "")
                writer.uint32(18).string(message.action);
            if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                writer.uint32(26).string(message.path);
            if (message.repair != null && $Object.hasOwnProperty.call(message, "repair") && message.repair !== false)
                writer.uint32(32).bool(message.repair);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FsScrubOrder.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FsScrubOrder();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.action = value;
                        else
                            delete message.action;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.path = value;
                        else
                            delete message.path;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.repair = value;
                        else
                            delete message.repair;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FsScrubOrder;
    })();

    nacre.FsScrubStatus = (function() {

        const FsScrubStatus = function (properties) {
            this.order = FsScrubStatus.prototype.order;
            this.state = FsScrubStatus.prototype.state;
            this.path = FsScrubStatus.prototype.path;
            this.repair = FsScrubStatus.prototype.repair;
            this.phase = FsScrubStatus.prototype.phase;
            this.directories = FsScrubStatus.prototype.directories;
            this.names = FsScrubStatus.prototype.names;
            this.linked = FsScrubStatus.prototype.linked;
            this.strays = FsScrubStatus.prototype.strays;
            this.objects = FsScrubStatus.prototype.objects;
            this.errors = FsScrubStatus.prototype.errors;
            this.repaired = FsScrubStatus.prototype.repaired;
            this.leftovers = FsScrubStatus.prototype.leftovers;
            this.leftoverBytes = FsScrubStatus.prototype.leftoverBytes;
            this.unsettled = FsScrubStatus.prototype.unsettled;
            this.startedMs = FsScrubStatus.prototype.startedMs;
            this.endedMs = FsScrubStatus.prototype.endedMs;
            this.trouble = FsScrubStatus.prototype.trouble;
            this.findings = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FsScrubStatus.prototype.order = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.state = "";
        FsScrubStatus.prototype.path = "";
        FsScrubStatus.prototype.repair = false;
        FsScrubStatus.prototype.phase = "";
        FsScrubStatus.prototype.directories = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.names = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.linked = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.strays = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.objects = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.errors = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.repaired = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.leftovers = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.leftoverBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.unsettled = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.startedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.endedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FsScrubStatus.prototype.findings = $util.emptyArray;
        FsScrubStatus.prototype.trouble = "";

        FsScrubStatus.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.order != null && $Object.hasOwnProperty.call(message, "order") && (typeof message.order === "object" ? message.order.low || message.order.high : message.order !== 0))
                writer.uint32(8).uint64(message.order);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                writer.uint32(18).string(message.state);
            if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                writer.uint32(26).string(message.path);
            if (message.repair != null && $Object.hasOwnProperty.call(message, "repair") && message.repair !== false)
                writer.uint32(32).bool(message.repair);
            if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== "")
                writer.uint32(42).string(message.phase);
            if (message.directories != null && $Object.hasOwnProperty.call(message, "directories") && (typeof message.directories === "object" ? message.directories.low || message.directories.high : message.directories !== 0))
                writer.uint32(48).uint64(message.directories);
            if (message.names != null && $Object.hasOwnProperty.call(message, "names") && (typeof message.names === "object" ? message.names.low || message.names.high : message.names !== 0))
                writer.uint32(56).uint64(message.names);
            if (message.linked != null && $Object.hasOwnProperty.call(message, "linked") && (typeof message.linked === "object" ? message.linked.low || message.linked.high : message.linked !== 0))
                writer.uint32(64).uint64(message.linked);
            if (message.strays != null && $Object.hasOwnProperty.call(message, "strays") && (typeof message.strays === "object" ? message.strays.low || message.strays.high : message.strays !== 0))
                writer.uint32(72).uint64(message.strays);
            if (message.objects != null && $Object.hasOwnProperty.call(message, "objects") && (typeof message.objects === "object" ? message.objects.low || message.objects.high : message.objects !== 0))
                writer.uint32(80).uint64(message.objects);
            if (message.errors != null && $Object.hasOwnProperty.call(message, "errors") && (typeof message.errors === "object" ? message.errors.low || message.errors.high : message.errors !== 0))
                writer.uint32(88).uint64(message.errors);
            if (message.repaired != null && $Object.hasOwnProperty.call(message, "repaired") && (typeof message.repaired === "object" ? message.repaired.low || message.repaired.high : message.repaired !== 0))
                writer.uint32(96).uint64(message.repaired);
            if (message.leftovers != null && $Object.hasOwnProperty.call(message, "leftovers") && (typeof message.leftovers === "object" ? message.leftovers.low || message.leftovers.high : message.leftovers !== 0))
                writer.uint32(104).uint64(message.leftovers);
            if (message.leftoverBytes != null && $Object.hasOwnProperty.call(message, "leftoverBytes") && (typeof message.leftoverBytes === "object" ? message.leftoverBytes.low || message.leftoverBytes.high : message.leftoverBytes !== 0))
                writer.uint32(112).uint64(message.leftoverBytes);
            if (message.unsettled != null && $Object.hasOwnProperty.call(message, "unsettled") && (typeof message.unsettled === "object" ? message.unsettled.low || message.unsettled.high : message.unsettled !== 0))
                writer.uint32(120).uint64(message.unsettled);
            if (message.startedMs != null && $Object.hasOwnProperty.call(message, "startedMs") && (typeof message.startedMs === "object" ? message.startedMs.low || message.startedMs.high : message.startedMs !== 0))
                writer.uint32(128).uint64(message.startedMs);
            if (message.endedMs != null && $Object.hasOwnProperty.call(message, "endedMs") && (typeof message.endedMs === "object" ? message.endedMs.low || message.endedMs.high : message.endedMs !== 0))
                writer.uint32(136).uint64(message.endedMs);
            if (message.findings != null && message.findings.length)
                for (let i = 0; i < message.findings.length; ++i)
                    writer.uint32(146).string(message.findings[i]);
            if (message.trouble != null && $Object.hasOwnProperty.call(message, "trouble") && message.trouble !== "")
                writer.uint32(154).string(message.trouble);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FsScrubStatus.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FsScrubStatus();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.order = value;
                        else
                            delete message.order;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.path = value;
                        else
                            delete message.path;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.repair = value;
                        else
                            delete message.repair;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.phase = value;
                        else
                            delete message.phase;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.directories = value;
                        else
                            delete message.directories;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.names = value;
                        else
                            delete message.names;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.linked = value;
                        else
                            delete message.linked;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.strays = value;
                        else
                            delete message.strays;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.objects = value;
                        else
                            delete message.objects;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.errors = value;
                        else
                            delete message.errors;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.repaired = value;
                        else
                            delete message.repaired;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.leftovers = value;
                        else
                            delete message.leftovers;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.leftoverBytes = value;
                        else
                            delete message.leftoverBytes;
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.unsettled = value;
                        else
                            delete message.unsettled;
                        continue;
                    }
                case 16: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.startedMs = value;
                        else
                            delete message.startedMs;
                        continue;
                    }
                case 17: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.endedMs = value;
                        else
                            delete message.endedMs;
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        if (!(message.findings && message.findings.length))
                            message.findings = [];
                        message.findings.push(reader.stringVerify());
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.trouble = value;
                        else
                            delete message.trouble;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FsScrubStatus;
    })();

    nacre.ClientBeaconRequest = (function() {

        const ClientBeaconRequest = function (properties) {
            this.name = ClientBeaconRequest.prototype.name;
            this.instance = ClientBeaconRequest.prototype.instance;
            this.mountpoint = ClientBeaconRequest.prototype.mountpoint;
            this.host = ClientBeaconRequest.prototype.host;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ClientBeaconRequest.prototype.name = "";
        ClientBeaconRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ClientBeaconRequest.prototype.mountpoint = "";
        ClientBeaconRequest.prototype.host = "";

        ClientBeaconRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.mountpoint != null && $Object.hasOwnProperty.call(message, "mountpoint") && message.mountpoint !== "")
                writer.uint32(26).string(message.mountpoint);
            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                writer.uint32(34).string(message.host);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ClientBeaconRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ClientBeaconRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.mountpoint = value;
                        else
                            delete message.mountpoint;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.host = value;
                        else
                            delete message.host;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ClientBeaconRequest;
    })();

    nacre.ClientBeaconReply = (function() {

        const ClientBeaconReply = function (properties) {
            this.epoch = ClientBeaconReply.prototype.epoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ClientBeaconReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ClientBeaconReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ClientBeaconReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ClientBeaconReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ClientBeaconReply;
    })();

    nacre.CommandRequest = (function() {

        const CommandRequest = function (properties) {
            this.command = CommandRequest.prototype.command;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CommandRequest.prototype.command = "";

        CommandRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.command != null && $Object.hasOwnProperty.call(message, "command") && message.command !== "")
                writer.uint32(10).string(message.command);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CommandRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CommandRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.command = value;
                        else
                            delete message.command;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CommandRequest;
    })();

    nacre.CommandReply = (function() {

        const CommandReply = function (properties) {
            this.result = CommandReply.prototype.result;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CommandReply.prototype.result = "";

        CommandReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.result != null && $Object.hasOwnProperty.call(message, "result") && message.result !== "")
                writer.uint32(10).string(message.result);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CommandReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CommandReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.result = value;
                        else
                            delete message.result;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CommandReply;
    })();

    nacre.StatfsRequest = (function() {

        const StatfsRequest = function (properties) {
            this.pool = StatfsRequest.prototype.pool;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StatfsRequest.prototype.pool = 0;

        StatfsRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StatfsRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.StatfsRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StatfsRequest;
    })();

    nacre.StatfsReply = (function() {

        const StatfsReply = function (properties) {
            this.totalBytes = StatfsReply.prototype.totalBytes;
            this.freeBytes = StatfsReply.prototype.freeBytes;
            this.objects = StatfsReply.prototype.objects;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        StatfsReply.prototype.totalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StatfsReply.prototype.freeBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        StatfsReply.prototype.objects = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        StatfsReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.totalBytes != null && $Object.hasOwnProperty.call(message, "totalBytes") && (typeof message.totalBytes === "object" ? message.totalBytes.low || message.totalBytes.high : message.totalBytes !== 0))
                writer.uint32(8).uint64(message.totalBytes);
            if (message.freeBytes != null && $Object.hasOwnProperty.call(message, "freeBytes") && (typeof message.freeBytes === "object" ? message.freeBytes.low || message.freeBytes.high : message.freeBytes !== 0))
                writer.uint32(16).uint64(message.freeBytes);
            if (message.objects != null && $Object.hasOwnProperty.call(message, "objects") && (typeof message.objects === "object" ? message.objects.low || message.objects.high : message.objects !== 0))
                writer.uint32(24).uint64(message.objects);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        StatfsReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.StatfsReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.totalBytes = value;
                        else
                            delete message.totalBytes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.freeBytes = value;
                        else
                            delete message.freeBytes;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.objects = value;
                        else
                            delete message.objects;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StatfsReply;
    })();

    nacre.ObjectOp = (function() {

        const ObjectOp = function (properties) {
            this.kind = ObjectOp.prototype.kind;
            this.offset = ObjectOp.prototype.offset;
            this.length = ObjectOp.prototype.length;
            this.exclusive = ObjectOp.prototype.exclusive;
            this.name = ObjectOp.prototype.name;
            this.value = ObjectOp.prototype.value;
            this.after = ObjectOp.prototype.after;
            this.maxEntries = ObjectOp.prototype.maxEntries;
            this.version = ObjectOp.prototype.version;
            this.payloadFrames = ObjectOp.prototype.payloadFrames;
            this.sourcePool = ObjectOp.prototype.sourcePool;
            this.sourceOffset = ObjectOp.prototype.sourceOffset;
            this.keys = [];
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ObjectOp.prototype.kind = 0;
        ObjectOp.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ObjectOp.prototype.length = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ObjectOp.prototype.exclusive = false;
        ObjectOp.prototype.name = "";
        ObjectOp.prototype.value = $util.newBuffer([]);
        ObjectOp.prototype.keys = $util.emptyArray;
        ObjectOp.prototype.entries = $util.emptyArray;
        ObjectOp.prototype.after = $util.newBuffer([]);
        ObjectOp.prototype.maxEntries = 0;
        ObjectOp.prototype.version = null;
        ObjectOp.prototype.payloadFrames = 0;
        ObjectOp.prototype.sourcePool = 0;
        ObjectOp.prototype.sourceOffset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ObjectOp.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(8).int32(message.kind);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(16).uint64(message.offset);
            if (message.length != null && $Object.hasOwnProperty.call(message, "length") && (typeof message.length === "object" ? message.length.low || message.length.high : message.length !== 0))
                writer.uint32(24).uint64(message.length);
            if (message.exclusive != null && $Object.hasOwnProperty.call(message, "exclusive") && message.exclusive !== false)
                writer.uint32(32).bool(message.exclusive);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(42).string(message.name);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(50).bytes(message.value);
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(58).bytes(message.keys[i]);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.nacre.KeyValue.encode(message.entries[i], writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.after != null && $Object.hasOwnProperty.call(message, "after") && message.after.length)
                writer.uint32(74).bytes(message.after);
            if (message.maxEntries != null && $Object.hasOwnProperty.call(message, "maxEntries") && message.maxEntries !== 0)
                writer.uint32(80).uint32(message.maxEntries);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.payloadFrames != null && $Object.hasOwnProperty.call(message, "payloadFrames") && message.payloadFrames !== 0)
                writer.uint32(96).uint32(message.payloadFrames);
            if (message.sourcePool != null && $Object.hasOwnProperty.call(message, "sourcePool") && message.sourcePool !== 0)
                writer.uint32(104).uint32(message.sourcePool);
            if (message.sourceOffset != null && $Object.hasOwnProperty.call(message, "sourceOffset") && (typeof message.sourceOffset === "object" ? message.sourceOffset.low || message.sourceOffset.high : message.sourceOffset !== 0))
                writer.uint32(112).uint64(message.sourceOffset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ObjectOp.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ObjectOp();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.length = value;
                        else
                            delete message.length;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.exclusive = value;
                        else
                            delete message.exclusive;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.bytes());
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.nacre.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.after = value;
                        else
                            delete message.after;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxEntries = value;
                        else
                            delete message.maxEntries;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.payloadFrames = value;
                        else
                            delete message.payloadFrames;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.sourcePool = value;
                        else
                            delete message.sourcePool;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sourceOffset = value;
                        else
                            delete message.sourceOffset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        ObjectOp.Kind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "NONE"] = 0;
            values[valuesById[1] = "READ"] = 1;
            values[valuesById[2] = "STAT"] = 2;
            values[valuesById[3] = "WRITE"] = 3;
            values[valuesById[4] = "WRITE_FULL"] = 4;
            values[valuesById[5] = "APPEND"] = 5;
            values[valuesById[6] = "ZERO"] = 6;
            values[valuesById[7] = "TRUNCATE"] = 7;
            values[valuesById[8] = "CREATE"] = 8;
            values[valuesById[9] = "REMOVE"] = 9;
            values[valuesById[10] = "GET_XATTR"] = 10;
            values[valuesById[11] = "GET_XATTRS"] = 11;
            values[valuesById[12] = "SET_XATTR"] = 12;
            values[valuesById[13] = "REMOVE_XATTR"] = 13;
            values[valuesById[14] = "COMPARE_XATTR"] = 14;
            values[valuesById[15] = "OMAP_GET"] = 15;
            values[valuesById[16] = "OMAP_GET_RANGE"] = 16;
            values[valuesById[17] = "OMAP_SET"] = 17;
            values[valuesById[18] = "OMAP_REMOVE"] = 18;
            values[valuesById[19] = "OMAP_CLEAR"] = 19;
            values[valuesById[20] = "ASSERT_EXISTS"] = 20;
            values[valuesById[21] = "ASSERT_VERSION"] = 21;
            values[valuesById[22] = "EXTENTS"] = 22;
            values[valuesById[23] = "COPY_RANGE"] = 23;
            values[valuesById[24] = "NAMES"] = 24;
            return values;
        })();

        return ObjectOp;
    })();

    nacre.OpResult = (function() {

        const OpResult = function (properties) {
            this.size = OpResult.prototype.size;
            this.offset = OpResult.prototype.offset;
            this.version = OpResult.prototype.version;
            this.mtimeMs = OpResult.prototype.mtimeMs;
            this.value = OpResult.prototype.value;
            this.more = OpResult.prototype.more;
            this.payloadFrames = OpResult.prototype.payloadFrames;
            this.entries = [];
            this.extents = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OpResult.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OpResult.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OpResult.prototype.version = null;
        OpResult.prototype.mtimeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OpResult.prototype.value = $util.newBuffer([]);
        OpResult.prototype.entries = $util.emptyArray;
        OpResult.prototype.more = false;
        OpResult.prototype.payloadFrames = 0;
        OpResult.prototype.extents = $util.emptyArray;

        OpResult.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(8).uint64(message.size);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(16).uint64(message.offset);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.mtimeMs != null && $Object.hasOwnProperty.call(message, "mtimeMs") && (typeof message.mtimeMs === "object" ? message.mtimeMs.low || message.mtimeMs.high : message.mtimeMs !== 0))
                writer.uint32(32).uint64(message.mtimeMs);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(42).bytes(message.value);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.nacre.KeyValue.encode(message.entries[i], writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(56).bool(message.more);
            if (message.payloadFrames != null && $Object.hasOwnProperty.call(message, "payloadFrames") && message.payloadFrames !== 0)
                writer.uint32(64).uint32(message.payloadFrames);
            if (message.extents != null && message.extents.length)
                for (let i = 0; i < message.extents.length; ++i)
                    $root.nacre.ObjectExtent.encode(message.extents[i], writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OpResult.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OpResult();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.mtimeMs = value;
                        else
                            delete message.mtimeMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.nacre.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.payloadFrames = value;
                        else
                            delete message.payloadFrames;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extents && message.extents.length))
                            message.extents = [];
                        message.extents.push($root.nacre.ObjectExtent.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OpResult;
    })();

    nacre.ObjectExtent = (function() {

        const ObjectExtent = function (properties) {
            this.offset = ObjectExtent.prototype.offset;
            this.length = ObjectExtent.prototype.length;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ObjectExtent.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ObjectExtent.prototype.length = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ObjectExtent.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(8).uint64(message.offset);
            if (message.length != null && $Object.hasOwnProperty.call(message, "length") && (typeof message.length === "object" ? message.length.low || message.length.high : message.length !== 0))
                writer.uint32(16).uint64(message.length);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ObjectExtent.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ObjectExtent();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.length = value;
                        else
                            delete message.length;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ObjectExtent;
    })();

    nacre.OsdOpRequest = (function() {

        const OsdOpRequest = function (properties) {
            this.epoch = OsdOpRequest.prototype.epoch;
            this.pool = OsdOpRequest.prototype.pool;
            this.pg = OsdOpRequest.prototype.pg;
            this.object = OsdOpRequest.prototype.object;
            this.instance = OsdOpRequest.prototype.instance;
            this.tid = OsdOpRequest.prototype.tid;
            this.oldestTid = OsdOpRequest.prototype.oldestTid;
            this.anyMember = OsdOpRequest.prototype.anyMember;
            this.ops = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdOpRequest.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdOpRequest.prototype.pool = 0;
        OsdOpRequest.prototype.pg = 0;
        OsdOpRequest.prototype.object = "";
        OsdOpRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdOpRequest.prototype.tid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdOpRequest.prototype.ops = $util.emptyArray;
        OsdOpRequest.prototype.oldestTid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdOpRequest.prototype.anyMember = false;

        OsdOpRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(16).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(24).uint32(message.pg);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(40).uint64(message.instance);
            if (message.tid != null && $Object.hasOwnProperty.call(message, "tid") && (typeof message.tid === "object" ? message.tid.low || message.tid.high : message.tid !== 0))
                writer.uint32(48).uint64(message.tid);
            if (message.ops != null && message.ops.length)
                for (let i = 0; i < message.ops.length; ++i)
                    $root.nacre.ObjectOp.encode(message.ops[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.oldestTid != null && $Object.hasOwnProperty.call(message, "oldestTid") && (typeof message.oldestTid === "object" ? message.oldestTid.low || message.oldestTid.high : message.oldestTid !== 0))
                writer.uint32(64).uint64(message.oldestTid);
            if (message.anyMember != null && $Object.hasOwnProperty.call(message, "anyMember") && message.anyMember !== false)
                writer.uint32(72).bool(message.anyMember);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdOpRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdOpRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.tid = value;
                        else
                            delete message.tid;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.ops && message.ops.length))
                            message.ops = [];
                        message.ops.push($root.nacre.ObjectOp.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.oldestTid = value;
                        else
                            delete message.oldestTid;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.anyMember = value;
                        else
                            delete message.anyMember;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdOpRequest;
    })();

    nacre.OsdOpReply = (function() {

        const OsdOpReply = function (properties) {
            this.epoch = OsdOpReply.prototype.epoch;
            this.version = OsdOpReply.prototype.version;
            this.results = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OsdOpReply.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OsdOpReply.prototype.version = null;
        OsdOpReply.prototype.results = $util.emptyArray;

        OsdOpReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                writer.uint32(8).uint64(message.epoch);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.results != null && message.results.length)
                for (let i = 0; i < message.results.length; ++i)
                    $root.nacre.OpResult.encode(message.results[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OsdOpReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OsdOpReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.epoch = value;
                        else
                            delete message.epoch;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.results && message.results.length))
                            message.results = [];
                        message.results.push($root.nacre.OpResult.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OsdOpReply;
    })();

    nacre.RepOp = (function() {

        const RepOp = function (properties) {
            this.pool = RepOp.prototype.pool;
            this.pg = RepOp.prototype.pg;
            this.interval = RepOp.prototype.interval;
            this.stream = RepOp.prototype.stream;
            this.position = RepOp.prototype.position;
            this.entry = RepOp.prototype.entry;
            this.oldestTid = RepOp.prototype.oldestTid;
            this.changes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RepOp.prototype.pool = 0;
        RepOp.prototype.pg = 0;
        RepOp.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepOp.prototype.stream = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepOp.prototype.position = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepOp.prototype.entry = $util.newBuffer([]);
        RepOp.prototype.changes = $util.emptyArray;
        RepOp.prototype.oldestTid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RepOp.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && (typeof message.stream === "object" ? message.stream.low || message.stream.high : message.stream !== 0))
                writer.uint32(32).uint64(message.stream);
            if (message.position != null && $Object.hasOwnProperty.call(message, "position") && (typeof message.position === "object" ? message.position.low || message.position.high : message.position !== 0))
                writer.uint32(40).uint64(message.position);
            if (message.entry != null && $Object.hasOwnProperty.call(message, "entry") && message.entry.length)
                writer.uint32(50).bytes(message.entry);
            if (message.changes != null && message.changes.length)
                for (let i = 0; i < message.changes.length; ++i)
                    $root.nacre.ObjectOp.encode(message.changes[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.oldestTid != null && $Object.hasOwnProperty.call(message, "oldestTid") && (typeof message.oldestTid === "object" ? message.oldestTid.low || message.oldestTid.high : message.oldestTid !== 0))
                writer.uint32(64).uint64(message.oldestTid);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RepOp.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RepOp();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.stream = value;
                        else
                            delete message.stream;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.position = value;
                        else
                            delete message.position;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.entry = value;
                        else
                            delete message.entry;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.changes && message.changes.length))
                            message.changes = [];
                        message.changes.push($root.nacre.ObjectOp.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.oldestTid = value;
                        else
                            delete message.oldestTid;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RepOp;
    })();

    nacre.RepAck = (function() {

        const RepAck = function (properties) {
            this.freeBytes = RepAck.prototype.freeBytes;
            this.totalBytes = RepAck.prototype.totalBytes;
            this.items = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RepAck.prototype.items = $util.emptyArray;
        RepAck.prototype.freeBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepAck.prototype.totalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RepAck.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.items != null && message.items.length)
                for (let i = 0; i < message.items.length; ++i)
                    $root.nacre.RepAckItem.encode(message.items[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.freeBytes != null && $Object.hasOwnProperty.call(message, "freeBytes") && (typeof message.freeBytes === "object" ? message.freeBytes.low || message.freeBytes.high : message.freeBytes !== 0))
                writer.uint32(16).uint64(message.freeBytes);
            if (message.totalBytes != null && $Object.hasOwnProperty.call(message, "totalBytes") && (typeof message.totalBytes === "object" ? message.totalBytes.low || message.totalBytes.high : message.totalBytes !== 0))
                writer.uint32(24).uint64(message.totalBytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RepAck.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RepAck();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.items && message.items.length))
                            message.items = [];
                        message.items.push($root.nacre.RepAckItem.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.freeBytes = value;
                        else
                            delete message.freeBytes;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.totalBytes = value;
                        else
                            delete message.totalBytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RepAck;
    })();

    nacre.RepAckItem = (function() {

        const RepAckItem = function (properties) {
            this.pool = RepAckItem.prototype.pool;
            this.pg = RepAckItem.prototype.pg;
            this.interval = RepAckItem.prototype.interval;
            this.stream = RepAckItem.prototype.stream;
            this.position = RepAckItem.prototype.position;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RepAckItem.prototype.pool = 0;
        RepAckItem.prototype.pg = 0;
        RepAckItem.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepAckItem.prototype.stream = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RepAckItem.prototype.position = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RepAckItem.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && (typeof message.stream === "object" ? message.stream.low || message.stream.high : message.stream !== 0))
                writer.uint32(32).uint64(message.stream);
            if (message.position != null && $Object.hasOwnProperty.call(message, "position") && (typeof message.position === "object" ? message.position.low || message.position.high : message.position !== 0))
                writer.uint32(40).uint64(message.position);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RepAckItem.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RepAckItem();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.stream = value;
                        else
                            delete message.stream;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.position = value;
                        else
                            delete message.position;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RepAckItem;
    })();

    nacre.PgQueryRequest = (function() {

        const PgQueryRequest = function (properties) {
            this.pool = PgQueryRequest.prototype.pool;
            this.pg = PgQueryRequest.prototype.pg;
            this.interval = PgQueryRequest.prototype.interval;
            this.stream = PgQueryRequest.prototype.stream;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgQueryRequest.prototype.pool = 0;
        PgQueryRequest.prototype.pg = 0;
        PgQueryRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgQueryRequest.prototype.stream = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgQueryRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && (typeof message.stream === "object" ? message.stream.low || message.stream.high : message.stream !== 0))
                writer.uint32(32).uint64(message.stream);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgQueryRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgQueryRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.stream = value;
                        else
                            delete message.stream;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgQueryRequest;
    })();

    nacre.PgQueryReply = (function() {

        const PgQueryReply = function (properties) {
            this.completeTo = PgQueryReply.prototype.completeTo;
            this.activated = PgQueryReply.prototype.activated;
            this.backfilling = PgQueryReply.prototype.backfilling;
            this.trimmed = PgQueryReply.prototype.trimmed;
            this.freeBytes = PgQueryReply.prototype.freeBytes;
            this.totalBytes = PgQueryReply.prototype.totalBytes;
            this.recovering = PgQueryReply.prototype.recovering;
            this.cursor = PgQueryReply.prototype.cursor;
            this.scrubRecord = PgQueryReply.prototype.scrubRecord;
            this.runs = [];
            this.past = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgQueryReply.prototype.runs = $util.emptyArray;
        PgQueryReply.prototype.completeTo = null;
        PgQueryReply.prototype.activated = null;
        PgQueryReply.prototype.backfilling = false;
        PgQueryReply.prototype.trimmed = false;
        PgQueryReply.prototype.freeBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgQueryReply.prototype.totalBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgQueryReply.prototype.recovering = false;
        PgQueryReply.prototype.past = $util.emptyArray;
        PgQueryReply.prototype.cursor = "";
        PgQueryReply.prototype.scrubRecord = $util.newBuffer([]);

        PgQueryReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.runs != null && message.runs.length)
                for (let i = 0; i < message.runs.length; ++i)
                    $root.nacre.LogRun.encode(message.runs[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.completeTo != null && $Object.hasOwnProperty.call(message, "completeTo"))
                $root.nacre.Version.encode(message.completeTo, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.activated != null && $Object.hasOwnProperty.call(message, "activated"))
                $root.nacre.Version.encode(message.activated, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.backfilling != null && $Object.hasOwnProperty.call(message, "backfilling") && message.backfilling !== false)
                writer.uint32(32).bool(message.backfilling);
            if (message.trimmed != null && $Object.hasOwnProperty.call(message, "trimmed") && message.trimmed !== false)
                writer.uint32(40).bool(message.trimmed);
            if (message.freeBytes != null && $Object.hasOwnProperty.call(message, "freeBytes") && (typeof message.freeBytes === "object" ? message.freeBytes.low || message.freeBytes.high : message.freeBytes !== 0))
                writer.uint32(48).uint64(message.freeBytes);
            if (message.totalBytes != null && $Object.hasOwnProperty.call(message, "totalBytes") && (typeof message.totalBytes === "object" ? message.totalBytes.low || message.totalBytes.high : message.totalBytes !== 0))
                writer.uint32(56).uint64(message.totalBytes);
            if (message.recovering != null && $Object.hasOwnProperty.call(message, "recovering") && message.recovering !== false)
                writer.uint32(64).bool(message.recovering);
            if (message.past != null && message.past.length)
                for (let i = 0; i < message.past.length; ++i)
                    $root.nacre.LogRun.encode(message.past[i], writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor") && message.cursor !== "")
                writer.uint32(82).string(message.cursor);
            if (message.scrubRecord != null && $Object.hasOwnProperty.call(message, "scrubRecord") && message.scrubRecord.length)
                writer.uint32(162).bytes(message.scrubRecord);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgQueryReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgQueryReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.runs && message.runs.length))
                            message.runs = [];
                        message.runs.push($root.nacre.LogRun.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.completeTo = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.completeTo);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.activated = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.activated);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.backfilling = value;
                        else
                            delete message.backfilling;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.trimmed = value;
                        else
                            delete message.trimmed;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.freeBytes = value;
                        else
                            delete message.freeBytes;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.totalBytes = value;
                        else
                            delete message.totalBytes;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.recovering = value;
                        else
                            delete message.recovering;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if (!(message.past && message.past.length))
                            message.past = [];
                        message.past.push($root.nacre.LogRun.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cursor = value;
                        else
                            delete message.cursor;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.scrubRecord = value;
                        else
                            delete message.scrubRecord;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgQueryReply;
    })();

    nacre.LogRun = (function() {

        const LogRun = function (properties) {
            this.interval = LogRun.prototype.interval;
            this.first = LogRun.prototype.first;
            this.last = LogRun.prototype.last;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LogRun.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LogRun.prototype.first = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LogRun.prototype.last = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        LogRun.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(8).uint64(message.interval);
            if (message.first != null && $Object.hasOwnProperty.call(message, "first") && (typeof message.first === "object" ? message.first.low || message.first.high : message.first !== 0))
                writer.uint32(16).uint64(message.first);
            if (message.last != null && $Object.hasOwnProperty.call(message, "last") && (typeof message.last === "object" ? message.last.low || message.last.high : message.last !== 0))
                writer.uint32(24).uint64(message.last);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LogRun.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LogRun();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.first = value;
                        else
                            delete message.first;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.last = value;
                        else
                            delete message.last;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LogRun;
    })();

    nacre.PgLogRequest = (function() {

        const PgLogRequest = function (properties) {
            this.pool = PgLogRequest.prototype.pool;
            this.pg = PgLogRequest.prototype.pg;
            this.interval = PgLogRequest.prototype.interval;
            this.after = PgLogRequest.prototype.after;
            this.runs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgLogRequest.prototype.pool = 0;
        PgLogRequest.prototype.pg = 0;
        PgLogRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgLogRequest.prototype.runs = $util.emptyArray;
        PgLogRequest.prototype.after = null;

        PgLogRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.runs != null && message.runs.length)
                for (let i = 0; i < message.runs.length; ++i)
                    $root.nacre.LogRun.encode(message.runs[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.after != null && $Object.hasOwnProperty.call(message, "after"))
                $root.nacre.Version.encode(message.after, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgLogRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgLogRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.runs && message.runs.length))
                            message.runs = [];
                        message.runs.push($root.nacre.LogRun.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.after = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.after);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgLogRequest;
    })();

    nacre.PgLogReply = (function() {

        const PgLogReply = function (properties) {
            this.more = PgLogReply.prototype.more;
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgLogReply.prototype.entries = $util.emptyArray;
        PgLogReply.prototype.more = false;

        PgLogReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    writer.uint32(10).bytes(message.entries[i]);
            if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                writer.uint32(16).bool(message.more);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgLogReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgLogReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push(reader.bytes());
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.more = value;
                        else
                            delete message.more;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgLogReply;
    })();

    nacre.PgActivateRequest = (function() {

        const PgActivateRequest = function (properties) {
            this.pool = PgActivateRequest.prototype.pool;
            this.pg = PgActivateRequest.prototype.pg;
            this.interval = PgActivateRequest.prototype.interval;
            this.head = PgActivateRequest.prototype.head;
            this.scrubRecord = PgActivateRequest.prototype.scrubRecord;
            this.past = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgActivateRequest.prototype.pool = 0;
        PgActivateRequest.prototype.pg = 0;
        PgActivateRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgActivateRequest.prototype.head = null;
        PgActivateRequest.prototype.past = $util.emptyArray;
        PgActivateRequest.prototype.scrubRecord = $util.newBuffer([]);

        PgActivateRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.Version.encode(message.head, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.past != null && message.past.length)
                for (let i = 0; i < message.past.length; ++i)
                    $root.nacre.LogRun.encode(message.past[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.scrubRecord != null && $Object.hasOwnProperty.call(message, "scrubRecord") && message.scrubRecord.length)
                writer.uint32(162).bytes(message.scrubRecord);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgActivateRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgActivateRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.past && message.past.length))
                            message.past = [];
                        message.past.push($root.nacre.LogRun.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.scrubRecord = value;
                        else
                            delete message.scrubRecord;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgActivateRequest;
    })();

    nacre.PgActivateReply = (function() {

        const PgActivateReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgActivateReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgActivateReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgActivateReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgActivateReply;
    })();

    nacre.PgResetRequest = (function() {

        const PgResetRequest = function (properties) {
            this.pool = PgResetRequest.prototype.pool;
            this.pg = PgResetRequest.prototype.pg;
            this.interval = PgResetRequest.prototype.interval;
            this.phase = PgResetRequest.prototype.phase;
            this.completeTo = PgResetRequest.prototype.completeTo;
            this.cursor = PgResetRequest.prototype.cursor;
            this.trimBelow = PgResetRequest.prototype.trimBelow;
            this.entries = [];
            this.kept = [];
            this.past = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgResetRequest.prototype.pool = 0;
        PgResetRequest.prototype.pg = 0;
        PgResetRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgResetRequest.prototype.phase = 0;
        PgResetRequest.prototype.completeTo = null;
        PgResetRequest.prototype.entries = $util.emptyArray;
        PgResetRequest.prototype.kept = $util.emptyArray;
        PgResetRequest.prototype.past = $util.emptyArray;
        PgResetRequest.prototype.cursor = "";
        PgResetRequest.prototype.trimBelow = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgResetRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                writer.uint32(32).int32(message.phase);
            if (message.completeTo != null && $Object.hasOwnProperty.call(message, "completeTo"))
                $root.nacre.Version.encode(message.completeTo, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    writer.uint32(50).bytes(message.entries[i]);
            if (message.kept != null && message.kept.length)
                for (let i = 0; i < message.kept.length; ++i)
                    writer.uint32(58).bytes(message.kept[i]);
            if (message.past != null && message.past.length)
                for (let i = 0; i < message.past.length; ++i)
                    $root.nacre.LogRun.encode(message.past[i], writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor") && message.cursor !== "")
                writer.uint32(74).string(message.cursor);
            if (message.trimBelow != null && $Object.hasOwnProperty.call(message, "trimBelow") && (typeof message.trimBelow === "object" ? message.trimBelow.low || message.trimBelow.high : message.trimBelow !== 0))
                writer.uint32(80).uint64(message.trimBelow);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgResetRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgResetRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.phase = value;
                        else
                            delete message.phase;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.completeTo = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.completeTo);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push(reader.bytes());
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.kept && message.kept.length))
                            message.kept = [];
                        message.kept.push(reader.bytes());
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.past && message.past.length))
                            message.past = [];
                        message.past.push($root.nacre.LogRun.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.cursor = value;
                        else
                            delete message.cursor;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.trimBelow = value;
                        else
                            delete message.trimBelow;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        PgResetRequest.Phase = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "BEGIN_LOG"] = 0;
            values[valuesById[1] = "BEGIN_BACKFILL"] = 1;
            values[valuesById[2] = "FINISH_LOG"] = 2;
            values[valuesById[3] = "FINISH_BACKFILL"] = 3;
            values[valuesById[4] = "ADD_ENTRIES"] = 4;
            values[valuesById[5] = "BACKFILL_PROGRESS"] = 5;
            return values;
        })();

        return PgResetRequest;
    })();

    nacre.PgResetReply = (function() {

        const PgResetReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgResetReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgResetReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgResetReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgResetReply;
    })();

    nacre.PgListRequest = (function() {

        const PgListRequest = function (properties) {
            this.pool = PgListRequest.prototype.pool;
            this.pg = PgListRequest.prototype.pg;
            this.interval = PgListRequest.prototype.interval;
            this.after = PgListRequest.prototype.after;
            this.maxEntries = PgListRequest.prototype.maxEntries;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgListRequest.prototype.pool = 0;
        PgListRequest.prototype.pg = 0;
        PgListRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgListRequest.prototype.after = "";
        PgListRequest.prototype.maxEntries = 0;

        PgListRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.after != null && $Object.hasOwnProperty.call(message, "after") && message.after !== "")
                writer.uint32(34).string(message.after);
            if (message.maxEntries != null && $Object.hasOwnProperty.call(message, "maxEntries") && message.maxEntries !== 0)
                writer.uint32(40).uint32(message.maxEntries);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgListRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgListRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.after = value;
                        else
                            delete message.after;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxEntries = value;
                        else
                            delete message.maxEntries;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgListRequest;
    })();

    nacre.PgListReply = (function() {

        const PgListReply = function (properties) {
            this.end = PgListReply.prototype.end;
            this.objects = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgListReply.prototype.objects = $util.emptyArray;
        PgListReply.prototype.end = false;

        PgListReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.objects != null && message.objects.length)
                for (let i = 0; i < message.objects.length; ++i)
                    $root.nacre.ListedObject.encode(message.objects[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.end != null && $Object.hasOwnProperty.call(message, "end") && message.end !== false)
                writer.uint32(16).bool(message.end);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgListReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgListReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.objects && message.objects.length))
                            message.objects = [];
                        message.objects.push($root.nacre.ListedObject.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.end = value;
                        else
                            delete message.end;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgListReply;
    })();

    nacre.ListedObject = (function() {

        const ListedObject = function (properties) {
            this.name = ListedObject.prototype.name;
            this.version = ListedObject.prototype.version;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ListedObject.prototype.name = "";
        ListedObject.prototype.version = null;

        ListedObject.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ListedObject.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ListedObject();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ListedObject;
    })();

    nacre.ObjectPiece = (function() {

        const ObjectPiece = function (properties) {
            this.exists = ObjectPiece.prototype.exists;
            this.size = ObjectPiece.prototype.size;
            this.version = ObjectPiece.prototype.version;
            this.mtimeMs = ObjectPiece.prototype.mtimeMs;
            this.next = ObjectPiece.prototype.next;
            this.damaged = ObjectPiece.prototype.damaged;
            this.extents = [];
            this.xattrs = [];
            this.omap = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ObjectPiece.prototype.exists = false;
        ObjectPiece.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ObjectPiece.prototype.version = null;
        ObjectPiece.prototype.mtimeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ObjectPiece.prototype.extents = $util.emptyArray;
        ObjectPiece.prototype.xattrs = $util.emptyArray;
        ObjectPiece.prototype.omap = $util.emptyArray;
        ObjectPiece.prototype.next = null;
        ObjectPiece.prototype.damaged = false;

        ObjectPiece.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.exists != null && $Object.hasOwnProperty.call(message, "exists") && message.exists !== false)
                writer.uint32(8).bool(message.exists);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(16).uint64(message.size);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.mtimeMs != null && $Object.hasOwnProperty.call(message, "mtimeMs") && (typeof message.mtimeMs === "object" ? message.mtimeMs.low || message.mtimeMs.high : message.mtimeMs !== 0))
                writer.uint32(32).uint64(message.mtimeMs);
            if (message.extents != null && message.extents.length)
                for (let i = 0; i < message.extents.length; ++i)
                    $root.nacre.DataExtent.encode(message.extents[i], writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.xattrs != null && message.xattrs.length)
                for (let i = 0; i < message.xattrs.length; ++i)
                    $root.nacre.KeyValue.encode(message.xattrs[i], writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.omap != null && message.omap.length)
                for (let i = 0; i < message.omap.length; ++i)
                    $root.nacre.KeyValue.encode(message.omap[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.next != null && $Object.hasOwnProperty.call(message, "next"))
                $root.nacre.PieceCursor.encode(message.next, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.damaged != null && $Object.hasOwnProperty.call(message, "damaged") && message.damaged !== false)
                writer.uint32(160).bool(message.damaged);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ObjectPiece.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ObjectPiece();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.exists = value;
                        else
                            delete message.exists;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.mtimeMs = value;
                        else
                            delete message.mtimeMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.extents && message.extents.length))
                            message.extents = [];
                        message.extents.push($root.nacre.DataExtent.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.xattrs && message.xattrs.length))
                            message.xattrs = [];
                        message.xattrs.push($root.nacre.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.omap && message.omap.length))
                            message.omap = [];
                        message.omap.push($root.nacre.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.next = $root.nacre.PieceCursor.decode(reader, reader.size(), $undefined, _depth + 1, message.next);
                        continue;
                    }
                case 20: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.damaged = value;
                        else
                            delete message.damaged;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ObjectPiece;
    })();

    nacre.DataExtent = (function() {

        const DataExtent = function (properties) {
            this.offset = DataExtent.prototype.offset;
            this.length = DataExtent.prototype.length;
            this.payloadFrames = DataExtent.prototype.payloadFrames;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        DataExtent.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        DataExtent.prototype.length = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        DataExtent.prototype.payloadFrames = 0;

        DataExtent.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(8).uint64(message.offset);
            if (message.length != null && $Object.hasOwnProperty.call(message, "length") && (typeof message.length === "object" ? message.length.low || message.length.high : message.length !== 0))
                writer.uint32(16).uint64(message.length);
            if (message.payloadFrames != null && $Object.hasOwnProperty.call(message, "payloadFrames") && message.payloadFrames !== 0)
                writer.uint32(24).uint32(message.payloadFrames);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        DataExtent.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.DataExtent();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.length = value;
                        else
                            delete message.length;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.payloadFrames = value;
                        else
                            delete message.payloadFrames;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DataExtent;
    })();

    nacre.PieceCursor = (function() {

        const PieceCursor = function (properties) {
            this.offset = PieceCursor.prototype.offset;
            this.omapAfter = PieceCursor.prototype.omapAfter;
            this.omap = PieceCursor.prototype.omap;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PieceCursor.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PieceCursor.prototype.omapAfter = $util.newBuffer([]);
        PieceCursor.prototype.omap = false;

        PieceCursor.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(8).uint64(message.offset);
            if (message.omapAfter != null && $Object.hasOwnProperty.call(message, "omapAfter") && message.omapAfter.length)
                writer.uint32(18).bytes(message.omapAfter);
            if (message.omap != null && $Object.hasOwnProperty.call(message, "omap") && message.omap !== false)
                writer.uint32(24).bool(message.omap);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PieceCursor.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PieceCursor();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.omapAfter = value;
                        else
                            delete message.omapAfter;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.omap = value;
                        else
                            delete message.omap;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PieceCursor;
    })();

    nacre.PushRequest = (function() {

        const PushRequest = function (properties) {
            this.pool = PushRequest.prototype.pool;
            this.pg = PushRequest.prototype.pg;
            this.interval = PushRequest.prototype.interval;
            this.object = PushRequest.prototype.object;
            this.piece = PushRequest.prototype.piece;
            this.first = PushRequest.prototype.first;
            this.last = PushRequest.prototype.last;
            this.copy = PushRequest.prototype.copy;
            this.addEntries = [];
            this.dropEntries = [];
            this.kept = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PushRequest.prototype.pool = 0;
        PushRequest.prototype.pg = 0;
        PushRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PushRequest.prototype.object = "";
        PushRequest.prototype.piece = null;
        PushRequest.prototype.addEntries = $util.emptyArray;
        PushRequest.prototype.dropEntries = $util.emptyArray;
        PushRequest.prototype.first = false;
        PushRequest.prototype.last = false;
        PushRequest.prototype.kept = $util.emptyArray;
        PushRequest.prototype.copy = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PushRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.piece != null && $Object.hasOwnProperty.call(message, "piece"))
                $root.nacre.ObjectPiece.encode(message.piece, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.addEntries != null && message.addEntries.length)
                for (let i = 0; i < message.addEntries.length; ++i)
                    writer.uint32(50).bytes(message.addEntries[i]);
            if (message.dropEntries != null && message.dropEntries.length)
                for (let i = 0; i < message.dropEntries.length; ++i)
                    $root.nacre.Version.encode(message.dropEntries[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.first != null && $Object.hasOwnProperty.call(message, "first") && message.first !== false)
                writer.uint32(64).bool(message.first);
            if (message.last != null && $Object.hasOwnProperty.call(message, "last") && message.last !== false)
                writer.uint32(72).bool(message.last);
            if (message.kept != null && message.kept.length)
                for (let i = 0; i < message.kept.length; ++i)
                    writer.uint32(82).bytes(message.kept[i]);
            if (message.copy != null && $Object.hasOwnProperty.call(message, "copy") && (typeof message.copy === "object" ? message.copy.low || message.copy.high : message.copy !== 0))
                writer.uint32(88).uint64(message.copy);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PushRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PushRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.piece = $root.nacre.ObjectPiece.decode(reader, reader.size(), $undefined, _depth + 1, message.piece);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addEntries && message.addEntries.length))
                            message.addEntries = [];
                        message.addEntries.push(reader.bytes());
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.dropEntries && message.dropEntries.length))
                            message.dropEntries = [];
                        message.dropEntries.push($root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.first = value;
                        else
                            delete message.first;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.last = value;
                        else
                            delete message.last;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.kept && message.kept.length))
                            message.kept = [];
                        message.kept.push(reader.bytes());
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.copy = value;
                        else
                            delete message.copy;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PushRequest;
    })();

    nacre.PushReply = (function() {

        const PushReply = function (properties) {
            this.busy = PushReply.prototype.busy;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PushReply.prototype.busy = false;

        PushReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.busy != null && $Object.hasOwnProperty.call(message, "busy") && message.busy !== false)
                writer.uint32(8).bool(message.busy);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PushReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PushReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.busy = value;
                        else
                            delete message.busy;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PushReply;
    })();

    nacre.PullRequest = (function() {

        const PullRequest = function (properties) {
            this.pool = PullRequest.prototype.pool;
            this.pg = PullRequest.prototype.pg;
            this.interval = PullRequest.prototype.interval;
            this.object = PullRequest.prototype.object;
            this.cursor = PullRequest.prototype.cursor;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PullRequest.prototype.pool = 0;
        PullRequest.prototype.pg = 0;
        PullRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PullRequest.prototype.object = "";
        PullRequest.prototype.cursor = null;

        PullRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor"))
                $root.nacre.PieceCursor.encode(message.cursor, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PullRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PullRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.cursor = $root.nacre.PieceCursor.decode(reader, reader.size(), $undefined, _depth + 1, message.cursor);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PullRequest;
    })();

    nacre.PullReply = (function() {

        const PullReply = function (properties) {
            this.piece = PullReply.prototype.piece;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PullReply.prototype.piece = null;

        PullReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.piece != null && $Object.hasOwnProperty.call(message, "piece"))
                $root.nacre.ObjectPiece.encode(message.piece, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PullReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PullReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.piece = $root.nacre.ObjectPiece.decode(reader, reader.size(), $undefined, _depth + 1, message.piece);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PullReply;
    })();

    nacre.PgStrayRequest = (function() {

        const PgStrayRequest = function (properties) {
            this.pool = PgStrayRequest.prototype.pool;
            this.pg = PgStrayRequest.prototype.pg;
            this.interval = PgStrayRequest.prototype.interval;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgStrayRequest.prototype.pool = 0;
        PgStrayRequest.prototype.pg = 0;
        PgStrayRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgStrayRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgStrayRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgStrayRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgStrayRequest;
    })();

    nacre.PgStrayReply = (function() {

        const PgStrayReply = function (properties) {
            this.clean = PgStrayReply.prototype.clean;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgStrayReply.prototype.clean = false;

        PgStrayReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.clean != null && $Object.hasOwnProperty.call(message, "clean") && message.clean !== false)
                writer.uint32(8).bool(message.clean);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgStrayReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgStrayReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.clean = value;
                        else
                            delete message.clean;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgStrayReply;
    })();

    nacre.PgReserveRequest = (function() {

        const PgReserveRequest = function (properties) {
            this.pool = PgReserveRequest.prototype.pool;
            this.pg = PgReserveRequest.prototype.pg;
            this.interval = PgReserveRequest.prototype.interval;
            this.bytes = PgReserveRequest.prototype.bytes;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgReserveRequest.prototype.pool = 0;
        PgReserveRequest.prototype.pg = 0;
        PgReserveRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgReserveRequest.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgReserveRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(32).uint64(message.bytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgReserveRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgReserveRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgReserveRequest;
    })();

    nacre.PgReserveReply = (function() {

        const PgReserveReply = function (properties) {
            this.granted = PgReserveReply.prototype.granted;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgReserveReply.prototype.granted = false;

        PgReserveReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.granted != null && $Object.hasOwnProperty.call(message, "granted") && message.granted !== false)
                writer.uint32(8).bool(message.granted);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgReserveReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgReserveReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.granted = value;
                        else
                            delete message.granted;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgReserveReply;
    })();

    nacre.PgReadRequest = (function() {

        const PgReadRequest = function (properties) {
            this.pool = PgReadRequest.prototype.pool;
            this.pg = PgReadRequest.prototype.pg;
            this.interval = PgReadRequest.prototype.interval;
            this.object = PgReadRequest.prototype.object;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgReadRequest.prototype.pool = 0;
        PgReadRequest.prototype.pg = 0;
        PgReadRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgReadRequest.prototype.object = "";

        PgReadRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgReadRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgReadRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgReadRequest;
    })();

    nacre.PgReadReply = (function() {

        const PgReadReply = function (properties) {
            this.version = PgReadReply.prototype.version;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgReadReply.prototype.version = null;

        PgReadReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgReadReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgReadReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgReadReply;
    })();

    nacre.PgTurnRequest = (function() {

        const PgTurnRequest = function (properties) {
            this.pool = PgTurnRequest.prototype.pool;
            this.pg = PgTurnRequest.prototype.pg;
            this.interval = PgTurnRequest.prototype.interval;
            this.rank = PgTurnRequest.prototype.rank;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgTurnRequest.prototype.pool = 0;
        PgTurnRequest.prototype.pg = 0;
        PgTurnRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        PgTurnRequest.prototype.rank = 0;

        PgTurnRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                writer.uint32(32).uint32(message.rank);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgTurnRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgTurnRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.rank = value;
                        else
                            delete message.rank;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgTurnRequest;
    })();

    nacre.PgTurnReply = (function() {

        const PgTurnReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgTurnReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgTurnReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgTurnReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgTurnReply;
    })();

    nacre.PgTurnEnd = (function() {

        const PgTurnEnd = function (properties) {
            this.pool = PgTurnEnd.prototype.pool;
            this.pg = PgTurnEnd.prototype.pg;
            this.interval = PgTurnEnd.prototype.interval;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgTurnEnd.prototype.pool = 0;
        PgTurnEnd.prototype.pg = 0;
        PgTurnEnd.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgTurnEnd.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgTurnEnd.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgTurnEnd();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgTurnEnd;
    })();

    nacre.PgYield = (function() {

        const PgYield = function (properties) {
            this.pool = PgYield.prototype.pool;
            this.pg = PgYield.prototype.pg;
            this.interval = PgYield.prototype.interval;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PgYield.prototype.pool = 0;
        PgYield.prototype.pg = 0;
        PgYield.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        PgYield.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PgYield.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.PgYield();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PgYield;
    })();

    nacre.ScrubReserveRequest = (function() {

        const ScrubReserveRequest = function (properties) {
            this.pool = ScrubReserveRequest.prototype.pool;
            this.pg = ScrubReserveRequest.prototype.pg;
            this.interval = ScrubReserveRequest.prototype.interval;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubReserveRequest.prototype.pool = 0;
        ScrubReserveRequest.prototype.pg = 0;
        ScrubReserveRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ScrubReserveRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubReserveRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubReserveRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubReserveRequest;
    })();

    nacre.ScrubReserveReply = (function() {

        const ScrubReserveReply = function (properties) {
            this.granted = ScrubReserveReply.prototype.granted;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubReserveReply.prototype.granted = false;

        ScrubReserveReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.granted != null && $Object.hasOwnProperty.call(message, "granted") && message.granted !== false)
                writer.uint32(8).bool(message.granted);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubReserveReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubReserveReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.granted = value;
                        else
                            delete message.granted;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubReserveReply;
    })();

    nacre.ScrubRelease = (function() {

        const ScrubRelease = function (properties) {
            this.pool = ScrubRelease.prototype.pool;
            this.pg = ScrubRelease.prototype.pg;
            this.interval = ScrubRelease.prototype.interval;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubRelease.prototype.pool = 0;
        ScrubRelease.prototype.pg = 0;
        ScrubRelease.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ScrubRelease.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubRelease.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubRelease();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubRelease;
    })();

    nacre.ScrubMapRequest = (function() {

        const ScrubMapRequest = function (properties) {
            this.pool = ScrubMapRequest.prototype.pool;
            this.pg = ScrubMapRequest.prototype.pg;
            this.interval = ScrubMapRequest.prototype.interval;
            this.after = ScrubMapRequest.prototype.after;
            this.only = ScrubMapRequest.prototype.only;
            this.maxObjects = ScrubMapRequest.prototype.maxObjects;
            this.deep = ScrubMapRequest.prototype.deep;
            this.settled = ScrubMapRequest.prototype.settled;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubMapRequest.prototype.pool = 0;
        ScrubMapRequest.prototype.pg = 0;
        ScrubMapRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubMapRequest.prototype.after = "";
        ScrubMapRequest.prototype.only = "";
        ScrubMapRequest.prototype.maxObjects = 0;
        ScrubMapRequest.prototype.deep = false;
        ScrubMapRequest.prototype.settled = null;

        ScrubMapRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.after != null && $Object.hasOwnProperty.call(message, "after") && message.after !== "")
                writer.uint32(34).string(message.after);
            if (message.only != null && $Object.hasOwnProperty.call(message, "only") && message.only !== "")
                writer.uint32(42).string(message.only);
            if (message.maxObjects != null && $Object.hasOwnProperty.call(message, "maxObjects") && message.maxObjects !== 0)
                writer.uint32(48).uint32(message.maxObjects);
            if (message.deep != null && $Object.hasOwnProperty.call(message, "deep") && message.deep !== false)
                writer.uint32(56).bool(message.deep);
            if (message.settled != null && $Object.hasOwnProperty.call(message, "settled"))
                $root.nacre.Version.encode(message.settled, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubMapRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubMapRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.after = value;
                        else
                            delete message.after;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.only = value;
                        else
                            delete message.only;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxObjects = value;
                        else
                            delete message.maxObjects;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.deep = value;
                        else
                            delete message.deep;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.settled = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.settled);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubMapRequest;
    })();

    nacre.ScrubMapReply = (function() {

        const ScrubMapReply = function (properties) {
            this.through = ScrubMapReply.prototype.through;
            this.end = ScrubMapReply.prototype.end;
            this.logGap = ScrubMapReply.prototype.logGap;
            this.objects = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubMapReply.prototype.objects = $util.emptyArray;
        ScrubMapReply.prototype.through = "";
        ScrubMapReply.prototype.end = false;
        ScrubMapReply.prototype.logGap = false;

        ScrubMapReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.objects != null && message.objects.length)
                for (let i = 0; i < message.objects.length; ++i)
                    $root.nacre.ScrubObject.encode(message.objects[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.through != null && $Object.hasOwnProperty.call(message, "through") && message.through !== "")
                writer.uint32(18).string(message.through);
            if (message.end != null && $Object.hasOwnProperty.call(message, "end") && message.end !== false)
                writer.uint32(24).bool(message.end);
            if (message.logGap != null && $Object.hasOwnProperty.call(message, "logGap") && message.logGap !== false)
                writer.uint32(32).bool(message.logGap);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubMapReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubMapReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.objects && message.objects.length))
                            message.objects = [];
                        message.objects.push($root.nacre.ScrubObject.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.through = value;
                        else
                            delete message.through;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.end = value;
                        else
                            delete message.end;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.logGap = value;
                        else
                            delete message.logGap;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubMapReply;
    })();

    nacre.ScrubObject = (function() {

        const ScrubObject = function (properties) {
            this.name = ScrubObject.prototype.name;
            this.version = ScrubObject.prototype.version;
            this.size = ScrubObject.prototype.size;
            this.mtimeMs = ScrubObject.prototype.mtimeMs;
            this.xattrDigest = ScrubObject.prototype.xattrDigest;
            this.omapEntries = ScrubObject.prototype.omapEntries;
            this.omapDigest = ScrubObject.prototype.omapDigest;
            this.dataDigest = ScrubObject.prototype.dataDigest;
            this.changed = ScrubObject.prototype.changed;
            this.damage = ScrubObject.prototype.damage;
            this.withheld = ScrubObject.prototype.withheld;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubObject.prototype.name = "";
        ScrubObject.prototype.version = null;
        ScrubObject.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubObject.prototype.mtimeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubObject.prototype.xattrDigest = 0;
        ScrubObject.prototype.omapEntries = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubObject.prototype.omapDigest = 0;
        ScrubObject.prototype.dataDigest = 0;
        ScrubObject.prototype.changed = false;
        ScrubObject.prototype.damage = "";
        ScrubObject.prototype.withheld = false;

        ScrubObject.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(24).uint64(message.size);
            if (message.mtimeMs != null && $Object.hasOwnProperty.call(message, "mtimeMs") && (typeof message.mtimeMs === "object" ? message.mtimeMs.low || message.mtimeMs.high : message.mtimeMs !== 0))
                writer.uint32(32).uint64(message.mtimeMs);
            if (message.xattrDigest != null && $Object.hasOwnProperty.call(message, "xattrDigest") && message.xattrDigest !== 0)
                writer.uint32(40).uint32(message.xattrDigest);
            if (message.omapEntries != null && $Object.hasOwnProperty.call(message, "omapEntries") && (typeof message.omapEntries === "object" ? message.omapEntries.low || message.omapEntries.high : message.omapEntries !== 0))
                writer.uint32(48).uint64(message.omapEntries);
            if (message.omapDigest != null && $Object.hasOwnProperty.call(message, "omapDigest") && message.omapDigest !== 0)
                writer.uint32(56).uint32(message.omapDigest);
            if (message.dataDigest != null && $Object.hasOwnProperty.call(message, "dataDigest") && message.dataDigest !== 0)
                writer.uint32(64).uint32(message.dataDigest);
            if (message.changed != null && $Object.hasOwnProperty.call(message, "changed") && message.changed !== false)
                writer.uint32(72).bool(message.changed);
            if (message.damage != null && $Object.hasOwnProperty.call(message, "damage") && message.damage !== "")
                writer.uint32(82).string(message.damage);
            if (message.withheld != null && $Object.hasOwnProperty.call(message, "withheld") && message.withheld !== false)
                writer.uint32(88).bool(message.withheld);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubObject.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubObject();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.mtimeMs = value;
                        else
                            delete message.mtimeMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.xattrDigest = value;
                        else
                            delete message.xattrDigest;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.omapEntries = value;
                        else
                            delete message.omapEntries;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.omapDigest = value;
                        else
                            delete message.omapDigest;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.dataDigest = value;
                        else
                            delete message.dataDigest;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.changed = value;
                        else
                            delete message.changed;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.damage = value;
                        else
                            delete message.damage;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.withheld = value;
                        else
                            delete message.withheld;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubObject;
    })();

    nacre.ScrubRepairRequest = (function() {

        const ScrubRepairRequest = function (properties) {
            this.pool = ScrubRepairRequest.prototype.pool;
            this.pg = ScrubRepairRequest.prototype.pg;
            this.interval = ScrubRepairRequest.prototype.interval;
            this.object = ScrubRepairRequest.prototype.object;
            this.from = ScrubRepairRequest.prototype.from;
            this.version = ScrubRepairRequest.prototype.version;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubRepairRequest.prototype.pool = 0;
        ScrubRepairRequest.prototype.pg = 0;
        ScrubRepairRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubRepairRequest.prototype.object = "";
        ScrubRepairRequest.prototype.from = 0;
        ScrubRepairRequest.prototype.version = null;

        ScrubRepairRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.from != null && $Object.hasOwnProperty.call(message, "from") && message.from !== 0)
                writer.uint32(40).uint32(message.from);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                $root.nacre.Version.encode(message.version, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubRepairRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubRepairRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.from = value;
                        else
                            delete message.from;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.version = $root.nacre.Version.decode(reader, reader.size(), $undefined, _depth + 1, message.version);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubRepairRequest;
    })();

    nacre.ScrubRepairReply = (function() {

        const ScrubRepairReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubRepairReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubRepairReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubRepairReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubRepairReply;
    })();

    nacre.ScrubRecordRequest = (function() {

        const ScrubRecordRequest = function (properties) {
            this.pool = ScrubRecordRequest.prototype.pool;
            this.pg = ScrubRecordRequest.prototype.pg;
            this.interval = ScrubRecordRequest.prototype.interval;
            this.record = ScrubRecordRequest.prototype.record;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubRecordRequest.prototype.pool = 0;
        ScrubRecordRequest.prototype.pg = 0;
        ScrubRecordRequest.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ScrubRecordRequest.prototype.record = $util.newBuffer([]);

        ScrubRecordRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.record != null && $Object.hasOwnProperty.call(message, "record") && message.record.length)
                writer.uint32(34).bytes(message.record);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubRecordRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubRecordRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.record = value;
                        else
                            delete message.record;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubRecordRequest;
    })();

    nacre.ScrubRecordReply = (function() {

        const ScrubRecordReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ScrubRecordReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ScrubRecordReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ScrubRecordReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ScrubRecordReply;
    })();

    nacre.CopyDamaged = (function() {

        const CopyDamaged = function (properties) {
            this.pool = CopyDamaged.prototype.pool;
            this.pg = CopyDamaged.prototype.pg;
            this.interval = CopyDamaged.prototype.interval;
            this.object = CopyDamaged.prototype.object;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CopyDamaged.prototype.pool = 0;
        CopyDamaged.prototype.pg = 0;
        CopyDamaged.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CopyDamaged.prototype.object = "";

        CopyDamaged.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.pg != null && $Object.hasOwnProperty.call(message, "pg") && message.pg !== 0)
                writer.uint32(16).uint32(message.pg);
            if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                writer.uint32(24).uint64(message.interval);
            if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object !== "")
                writer.uint32(34).string(message.object);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CopyDamaged.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CopyDamaged();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pg = value;
                        else
                            delete message.pg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.interval = value;
                        else
                            delete message.interval;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.object = value;
                        else
                            delete message.object;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CopyDamaged;
    })();

    nacre.InodeRecord = (function() {

        const InodeRecord = function (properties) {
            this.ino = InodeRecord.prototype.ino;
            this.mode = InodeRecord.prototype.mode;
            this.uid = InodeRecord.prototype.uid;
            this.gid = InodeRecord.prototype.gid;
            this.nlink = InodeRecord.prototype.nlink;
            this.rdev = InodeRecord.prototype.rdev;
            this.size = InodeRecord.prototype.size;
            this.atime = InodeRecord.prototype.atime;
            this.mtime = InodeRecord.prototype.mtime;
            this.ctime = InodeRecord.prototype.ctime;
            this.btime = InodeRecord.prototype.btime;
            this.symlink = InodeRecord.prototype.symlink;
            this.layout = InodeRecord.prototype.layout;
            this.version = InodeRecord.prototype.version;
            this.timeWarpSeq = InodeRecord.prototype.timeWarpSeq;
            this.entries = InodeRecord.prototype.entries;
            this.subdirs = InodeRecord.prototype.subdirs;
            this.recursive = InodeRecord.prototype.recursive;
            this.parent = InodeRecord.prototype.parent;
            this.truncateFrom = InodeRecord.prototype.truncateFrom;
            this.quota = InodeRecord.prototype.quota;
            this.space = InodeRecord.prototype.space;
            this.sizeLimit = InodeRecord.prototype.sizeLimit;
            this.xattrs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        InodeRecord.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.mode = 0;
        InodeRecord.prototype.uid = 0;
        InodeRecord.prototype.gid = 0;
        InodeRecord.prototype.nlink = 0;
        InodeRecord.prototype.rdev = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.atime = null;
        InodeRecord.prototype.mtime = null;
        InodeRecord.prototype.ctime = null;
        InodeRecord.prototype.btime = null;
        InodeRecord.prototype.symlink = $util.newBuffer([]);
        InodeRecord.prototype.xattrs = $util.emptyArray;
        InodeRecord.prototype.layout = null;
        InodeRecord.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.timeWarpSeq = 0;
        InodeRecord.prototype.entries = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.subdirs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.recursive = null;
        InodeRecord.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.truncateFrom = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InodeRecord.prototype.quota = null;
        InodeRecord.prototype.space = null;
        InodeRecord.prototype.sizeLimit = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        InodeRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                writer.uint32(16).uint32(message.mode);
            if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== 0)
                writer.uint32(24).uint32(message.uid);
            if (message.gid != null && $Object.hasOwnProperty.call(message, "gid") && message.gid !== 0)
                writer.uint32(32).uint32(message.gid);
            if (message.nlink != null && $Object.hasOwnProperty.call(message, "nlink") && message.nlink !== 0)
                writer.uint32(40).uint32(message.nlink);
            if (message.rdev != null && $Object.hasOwnProperty.call(message, "rdev") && (typeof message.rdev === "object" ? message.rdev.low || message.rdev.high : message.rdev !== 0))
                writer.uint32(48).uint64(message.rdev);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(56).uint64(message.size);
            if (message.atime != null && $Object.hasOwnProperty.call(message, "atime"))
                $root.nacre.Timespec.encode(message.atime, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.mtime != null && $Object.hasOwnProperty.call(message, "mtime"))
                $root.nacre.Timespec.encode(message.mtime, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.ctime != null && $Object.hasOwnProperty.call(message, "ctime"))
                $root.nacre.Timespec.encode(message.ctime, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.btime != null && $Object.hasOwnProperty.call(message, "btime"))
                $root.nacre.Timespec.encode(message.btime, writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.symlink != null && $Object.hasOwnProperty.call(message, "symlink") && message.symlink.length)
                writer.uint32(98).bytes(message.symlink);
            if (message.xattrs != null && message.xattrs.length)
                for (let i = 0; i < message.xattrs.length; ++i)
                    $root.nacre.KeyValue.encode(message.xattrs[i], writer.uint32(106).fork(), _depth + 1).ldelim();
            if (message.layout != null && $Object.hasOwnProperty.call(message, "layout"))
                $root.nacre.Layout.encode(message.layout, writer.uint32(114).fork(), _depth + 1).ldelim();
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                writer.uint32(120).uint64(message.version);
            if (message.timeWarpSeq != null && $Object.hasOwnProperty.call(message, "timeWarpSeq") && message.timeWarpSeq !== 0)
                writer.uint32(128).uint32(message.timeWarpSeq);
            if (message.entries != null && $Object.hasOwnProperty.call(message, "entries") && (typeof message.entries === "object" ? message.entries.low || message.entries.high : message.entries !== 0))
                writer.uint32(136).uint64(message.entries);
            if (message.subdirs != null && $Object.hasOwnProperty.call(message, "subdirs") && (typeof message.subdirs === "object" ? message.subdirs.low || message.subdirs.high : message.subdirs !== 0))
                writer.uint32(144).uint64(message.subdirs);
            if (message.recursive != null && $Object.hasOwnProperty.call(message, "recursive"))
                $root.nacre.RecursiveStats.encode(message.recursive, writer.uint32(154).fork(), _depth + 1).ldelim();
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(160).uint64(message.parent);
            if (message.truncateFrom != null && $Object.hasOwnProperty.call(message, "truncateFrom") && (typeof message.truncateFrom === "object" ? message.truncateFrom.low || message.truncateFrom.high : message.truncateFrom !== 0))
                writer.uint32(176).uint64(message.truncateFrom);
            if (message.quota != null && $Object.hasOwnProperty.call(message, "quota"))
                $root.nacre.Quota.encode(message.quota, writer.uint32(186).fork(), _depth + 1).ldelim();
            if (message.space != null && $Object.hasOwnProperty.call(message, "space"))
                $root.nacre.FileSpace.encode(message.space, writer.uint32(194).fork(), _depth + 1).ldelim();
            if (message.sizeLimit != null && $Object.hasOwnProperty.call(message, "sizeLimit") && (typeof message.sizeLimit === "object" ? message.sizeLimit.low || message.sizeLimit.high : message.sizeLimit !== 0))
                writer.uint32(200).uint64(message.sizeLimit);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        InodeRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.InodeRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mode = value;
                        else
                            delete message.mode;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.uid = value;
                        else
                            delete message.uid;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.gid = value;
                        else
                            delete message.gid;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.nlink = value;
                        else
                            delete message.nlink;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.rdev = value;
                        else
                            delete message.rdev;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.atime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.atime);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.mtime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.mtime);
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.ctime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.ctime);
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.btime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.btime);
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.symlink = value;
                        else
                            delete message.symlink;
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        if (!(message.xattrs && message.xattrs.length))
                            message.xattrs = [];
                        message.xattrs.push($root.nacre.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        message.layout = $root.nacre.Layout.decode(reader, reader.size(), $undefined, _depth + 1, message.layout);
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 16: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.timeWarpSeq = value;
                        else
                            delete message.timeWarpSeq;
                        continue;
                    }
                case 17: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.entries = value;
                        else
                            delete message.entries;
                        continue;
                    }
                case 18: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.subdirs = value;
                        else
                            delete message.subdirs;
                        continue;
                    }
                case 19: {
                        if (wireType !== 2)
                            break;
                        message.recursive = $root.nacre.RecursiveStats.decode(reader, reader.size(), $undefined, _depth + 1, message.recursive);
                        continue;
                    }
                case 20: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 22: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.truncateFrom = value;
                        else
                            delete message.truncateFrom;
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        message.quota = $root.nacre.Quota.decode(reader, reader.size(), $undefined, _depth + 1, message.quota);
                        continue;
                    }
                case 24: {
                        if (wireType !== 2)
                            break;
                        message.space = $root.nacre.FileSpace.decode(reader, reader.size(), $undefined, _depth + 1, message.space);
                        continue;
                    }
                case 25: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sizeLimit = value;
                        else
                            delete message.sizeLimit;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return InodeRecord;
    })();

    nacre.FileSpace = (function() {

        const FileSpace = function (properties) {
            this.holes = FileSpace.prototype.holes;
            this.dataEnd = FileSpace.prototype.dataEnd;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FileSpace.prototype.holes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FileSpace.prototype.dataEnd = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        FileSpace.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.holes != null && $Object.hasOwnProperty.call(message, "holes") && (typeof message.holes === "object" ? message.holes.low || message.holes.high : message.holes !== 0))
                writer.uint32(8).uint64(message.holes);
            if (message.dataEnd != null && $Object.hasOwnProperty.call(message, "dataEnd") && (typeof message.dataEnd === "object" ? message.dataEnd.low || message.dataEnd.high : message.dataEnd !== 0))
                writer.uint32(16).uint64(message.dataEnd);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FileSpace.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FileSpace();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.holes = value;
                        else
                            delete message.holes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.dataEnd = value;
                        else
                            delete message.dataEnd;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FileSpace;
    })();

    nacre.Layout = (function() {

        const Layout = function (properties) {
            this.pool = Layout.prototype.pool;
            this.objectSize = Layout.prototype.objectSize;
            this.stripeUnit = Layout.prototype.stripeUnit;
            this.stripeCount = Layout.prototype.stripeCount;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Layout.prototype.pool = 0;
        Layout.prototype.objectSize = 0;
        Layout.prototype.stripeUnit = 0;
        Layout.prototype.stripeCount = 0;

        Layout.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool !== 0)
                writer.uint32(8).uint32(message.pool);
            if (message.objectSize != null && $Object.hasOwnProperty.call(message, "objectSize") && message.objectSize !== 0)
                writer.uint32(16).uint32(message.objectSize);
            if (message.stripeUnit != null && $Object.hasOwnProperty.call(message, "stripeUnit") && message.stripeUnit !== 0)
                writer.uint32(24).uint32(message.stripeUnit);
            if (message.stripeCount != null && $Object.hasOwnProperty.call(message, "stripeCount") && message.stripeCount !== 0)
                writer.uint32(32).uint32(message.stripeCount);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Layout.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Layout();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pool = value;
                        else
                            delete message.pool;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.objectSize = value;
                        else
                            delete message.objectSize;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.stripeUnit = value;
                        else
                            delete message.stripeUnit;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.stripeCount = value;
                        else
                            delete message.stripeCount;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Layout;
    })();

    nacre.Quota = (function() {

        const Quota = function (properties) {
            this.maxBytes = Quota.prototype.maxBytes;
            this.maxFiles = Quota.prototype.maxFiles;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Quota.prototype.maxBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        Quota.prototype.maxFiles = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        Quota.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.maxBytes != null && $Object.hasOwnProperty.call(message, "maxBytes") && (typeof message.maxBytes === "object" ? message.maxBytes.low || message.maxBytes.high : message.maxBytes !== 0))
                writer.uint32(8).uint64(message.maxBytes);
            if (message.maxFiles != null && $Object.hasOwnProperty.call(message, "maxFiles") && (typeof message.maxFiles === "object" ? message.maxFiles.low || message.maxFiles.high : message.maxFiles !== 0))
                writer.uint32(16).uint64(message.maxFiles);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Quota.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.Quota();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.maxBytes = value;
                        else
                            delete message.maxBytes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.maxFiles = value;
                        else
                            delete message.maxFiles;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Quota;
    })();

    nacre.RecursiveStats = (function() {

        const RecursiveStats = function (properties) {
            this.bytes = RecursiveStats.prototype.bytes;
            this.files = RecursiveStats.prototype.files;
            this.subdirs = RecursiveStats.prototype.subdirs;
            this.ctime = RecursiveStats.prototype.ctime;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RecursiveStats.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RecursiveStats.prototype.files = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RecursiveStats.prototype.subdirs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RecursiveStats.prototype.ctime = null;

        RecursiveStats.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(8).uint64(message.bytes);
            if (message.files != null && $Object.hasOwnProperty.call(message, "files") && (typeof message.files === "object" ? message.files.low || message.files.high : message.files !== 0))
                writer.uint32(16).uint64(message.files);
            if (message.subdirs != null && $Object.hasOwnProperty.call(message, "subdirs") && (typeof message.subdirs === "object" ? message.subdirs.low || message.subdirs.high : message.subdirs !== 0))
                writer.uint32(24).uint64(message.subdirs);
            if (message.ctime != null && $Object.hasOwnProperty.call(message, "ctime"))
                $root.nacre.Timespec.encode(message.ctime, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RecursiveStats.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RecursiveStats();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.files = value;
                        else
                            delete message.files;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.subdirs = value;
                        else
                            delete message.subdirs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.ctime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.ctime);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RecursiveStats;
    })();

    nacre.InodeGrant = (function() {

        const InodeGrant = function (properties) {
            this.inode = InodeGrant.prototype.inode;
            this.caps = InodeGrant.prototype.caps;
            this.seq = InodeGrant.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        InodeGrant.prototype.inode = null;
        InodeGrant.prototype.caps = 0;
        InodeGrant.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        InodeGrant.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.inode != null && $Object.hasOwnProperty.call(message, "inode"))
                $root.nacre.InodeRecord.encode(message.inode, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.caps != null && $Object.hasOwnProperty.call(message, "caps") && message.caps !== 0)
                writer.uint32(16).uint32(message.caps);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(24).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        InodeGrant.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.InodeGrant();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.inode = $root.nacre.InodeRecord.decode(reader, reader.size(), $undefined, _depth + 1, message.inode);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.caps = value;
                        else
                            delete message.caps;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return InodeGrant;
    })();

    nacre.RequestHead = (function() {

        const RequestHead = function (properties) {
            this.tid = RequestHead.prototype.tid;
            this.uid = RequestHead.prototype.uid;
            this.gid = RequestHead.prototype.gid;
            this.replay = RequestHead.prototype.replay;
            this.oldestTid = RequestHead.prototype.oldestTid;
            this.time = RequestHead.prototype.time;
            this.groups = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RequestHead.prototype.tid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RequestHead.prototype.uid = 0;
        RequestHead.prototype.gid = 0;
        RequestHead.prototype.groups = $util.emptyArray;
        RequestHead.prototype.replay = false;
        RequestHead.prototype.oldestTid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RequestHead.prototype.time = null;

        RequestHead.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.tid != null && $Object.hasOwnProperty.call(message, "tid") && (typeof message.tid === "object" ? message.tid.low || message.tid.high : message.tid !== 0))
                writer.uint32(8).uint64(message.tid);
            if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== 0)
                writer.uint32(16).uint32(message.uid);
            if (message.gid != null && $Object.hasOwnProperty.call(message, "gid") && message.gid !== 0)
                writer.uint32(24).uint32(message.gid);
            if (message.groups != null && message.groups.length)
                writer.uint32(34).uint32s(message.groups);
            if (message.replay != null && $Object.hasOwnProperty.call(message, "replay") && message.replay !== false)
                writer.uint32(40).bool(message.replay);
            if (message.oldestTid != null && $Object.hasOwnProperty.call(message, "oldestTid") && (typeof message.oldestTid === "object" ? message.oldestTid.low || message.oldestTid.high : message.oldestTid !== 0))
                writer.uint32(48).uint64(message.oldestTid);
            if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                $root.nacre.Timespec.encode(message.time, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RequestHead.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RequestHead();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.tid = value;
                        else
                            delete message.tid;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.uid = value;
                        else
                            delete message.uid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.gid = value;
                        else
                            delete message.gid;
                        continue;
                    }
                case 4: {
                        if (wireType === 2) {
                            if (!(message.groups && message.groups.length))
                                message.groups = [];
                            reader.uint32s(message.groups);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.groups && message.groups.length))
                            message.groups = [];
                        message.groups.push(reader.uint32());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.replay = value;
                        else
                            delete message.replay;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.oldestTid = value;
                        else
                            delete message.oldestTid;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.time = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RequestHead;
    })();

    nacre.ReplyHead = (function() {

        const ReplyHead = function (properties) {
            this.journalSeq = ReplyHead.prototype.journalSeq;
            this.barrierEpoch = ReplyHead.prototype.barrierEpoch;
            this.grants = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ReplyHead.prototype.journalSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ReplyHead.prototype.grants = $util.emptyArray;
        ReplyHead.prototype.barrierEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        ReplyHead.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.journalSeq != null && $Object.hasOwnProperty.call(message, "journalSeq") && (typeof message.journalSeq === "object" ? message.journalSeq.low || message.journalSeq.high : message.journalSeq !== 0))
                writer.uint32(8).uint64(message.journalSeq);
            if (message.grants != null && message.grants.length)
                for (let i = 0; i < message.grants.length; ++i)
                    $root.nacre.InodeGrant.encode(message.grants[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.barrierEpoch != null && $Object.hasOwnProperty.call(message, "barrierEpoch") && (typeof message.barrierEpoch === "object" ? message.barrierEpoch.low || message.barrierEpoch.high : message.barrierEpoch !== 0))
                writer.uint32(24).uint64(message.barrierEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ReplyHead.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ReplyHead();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.journalSeq = value;
                        else
                            delete message.journalSeq;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.grants && message.grants.length))
                            message.grants = [];
                        message.grants.push($root.nacre.InodeGrant.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.barrierEpoch = value;
                        else
                            delete message.barrierEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ReplyHead;
    })();

    nacre.SessionOpenRequest = (function() {

        const SessionOpenRequest = function (properties) {
            this.name = SessionOpenRequest.prototype.name;
            this.instance = SessionOpenRequest.prototype.instance;
            this.reconnect = SessionOpenRequest.prototype.reconnect;
            this.root = SessionOpenRequest.prototype.root;
            this.replays = SessionOpenRequest.prototype.replays;
            this.held = [];
            this.locks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionOpenRequest.prototype.name = "";
        SessionOpenRequest.prototype.instance = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SessionOpenRequest.prototype.held = $util.emptyArray;
        SessionOpenRequest.prototype.reconnect = false;
        SessionOpenRequest.prototype.root = "";
        SessionOpenRequest.prototype.replays = 0;
        SessionOpenRequest.prototype.locks = $util.emptyArray;

        SessionOpenRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(10).string(message.name);
            if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && (typeof message.instance === "object" ? message.instance.low || message.instance.high : message.instance !== 0))
                writer.uint32(16).uint64(message.instance);
            if (message.held != null && message.held.length)
                for (let i = 0; i < message.held.length; ++i)
                    $root.nacre.HeldCaps.encode(message.held[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.reconnect != null && $Object.hasOwnProperty.call(message, "reconnect") && message.reconnect !== false)
                writer.uint32(32).bool(message.reconnect);
            if (message.root != null && $Object.hasOwnProperty.call(message, "root") && message.root !== "")
                writer.uint32(42).string(message.root);
            if (message.replays != null && $Object.hasOwnProperty.call(message, "replays") && message.replays !== 0)
                writer.uint32(48).uint32(message.replays);
            if (message.locks != null && message.locks.length)
                for (let i = 0; i < message.locks.length; ++i)
                    $root.nacre.FileLock.encode(message.locks[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionOpenRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionOpenRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.instance = value;
                        else
                            delete message.instance;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.held && message.held.length))
                            message.held = [];
                        message.held.push($root.nacre.HeldCaps.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.reconnect = value;
                        else
                            delete message.reconnect;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.root = value;
                        else
                            delete message.root;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.replays = value;
                        else
                            delete message.replays;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.locks && message.locks.length))
                            message.locks = [];
                        message.locks.push($root.nacre.FileLock.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionOpenRequest;
    })();

    nacre.HeldCaps = (function() {

        const HeldCaps = function (properties) {
            this.ino = HeldCaps.prototype.ino;
            this.caps = HeldCaps.prototype.caps;
            this.wanted = HeldCaps.prototype.wanted;
            this.seq = HeldCaps.prototype.seq;
            this.dirty = HeldCaps.prototype.dirty;
            this.appending = HeldCaps.prototype.appending;
            this.sizeLimit = HeldCaps.prototype.sizeLimit;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        HeldCaps.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        HeldCaps.prototype.caps = 0;
        HeldCaps.prototype.wanted = 0;
        HeldCaps.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        HeldCaps.prototype.dirty = null;
        HeldCaps.prototype.appending = false;
        HeldCaps.prototype.sizeLimit = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        HeldCaps.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.caps != null && $Object.hasOwnProperty.call(message, "caps") && message.caps !== 0)
                writer.uint32(16).uint32(message.caps);
            if (message.wanted != null && $Object.hasOwnProperty.call(message, "wanted") && message.wanted !== 0)
                writer.uint32(24).uint32(message.wanted);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(32).uint64(message.seq);
            if (message.dirty != null && $Object.hasOwnProperty.call(message, "dirty"))
                $root.nacre.DirtyInode.encode(message.dirty, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.appending != null && $Object.hasOwnProperty.call(message, "appending") && message.appending !== false)
                writer.uint32(48).bool(message.appending);
            if (message.sizeLimit != null && $Object.hasOwnProperty.call(message, "sizeLimit") && (typeof message.sizeLimit === "object" ? message.sizeLimit.low || message.sizeLimit.high : message.sizeLimit !== 0))
                writer.uint32(56).uint64(message.sizeLimit);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        HeldCaps.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.HeldCaps();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.caps = value;
                        else
                            delete message.caps;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.wanted = value;
                        else
                            delete message.wanted;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.dirty = $root.nacre.DirtyInode.decode(reader, reader.size(), $undefined, _depth + 1, message.dirty);
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.appending = value;
                        else
                            delete message.appending;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sizeLimit = value;
                        else
                            delete message.sizeLimit;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return HeldCaps;
    })();

    nacre.SessionOpenReply = (function() {

        const SessionOpenReply = function (properties) {
            this.session = SessionOpenReply.prototype.session;
            this.leaseMs = SessionOpenReply.prototype.leaseMs;
            this.rootIno = SessionOpenReply.prototype.rootIno;
            this.resumed = SessionOpenReply.prototype.resumed;
            this.ranges = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionOpenReply.prototype.session = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SessionOpenReply.prototype.leaseMs = 0;
        SessionOpenReply.prototype.ranges = $util.emptyArray;
        SessionOpenReply.prototype.rootIno = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SessionOpenReply.prototype.resumed = false;

        SessionOpenReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.session != null && $Object.hasOwnProperty.call(message, "session") && (typeof message.session === "object" ? message.session.low || message.session.high : message.session !== 0))
                writer.uint32(8).uint64(message.session);
            if (message.leaseMs != null && $Object.hasOwnProperty.call(message, "leaseMs") && message.leaseMs !== 0)
                writer.uint32(16).uint32(message.leaseMs);
            if (message.ranges != null && message.ranges.length)
                for (let i = 0; i < message.ranges.length; ++i)
                    $root.nacre.InoRange.encode(message.ranges[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.rootIno != null && $Object.hasOwnProperty.call(message, "rootIno") && (typeof message.rootIno === "object" ? message.rootIno.low || message.rootIno.high : message.rootIno !== 0))
                writer.uint32(32).uint64(message.rootIno);
            if (message.resumed != null && $Object.hasOwnProperty.call(message, "resumed") && message.resumed !== false)
                writer.uint32(40).bool(message.resumed);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionOpenReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionOpenReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.session = value;
                        else
                            delete message.session;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leaseMs = value;
                        else
                            delete message.leaseMs;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.ranges && message.ranges.length))
                            message.ranges = [];
                        message.ranges.push($root.nacre.InoRange.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.rootIno = value;
                        else
                            delete message.rootIno;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.resumed = value;
                        else
                            delete message.resumed;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionOpenReply;
    })();

    nacre.InoRange = (function() {

        const InoRange = function (properties) {
            this.first = InoRange.prototype.first;
            this.count = InoRange.prototype.count;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        InoRange.prototype.first = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        InoRange.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        InoRange.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.first != null && $Object.hasOwnProperty.call(message, "first") && (typeof message.first === "object" ? message.first.low || message.first.high : message.first !== 0))
                writer.uint32(8).uint64(message.first);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                writer.uint32(16).uint64(message.count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        InoRange.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.InoRange();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.first = value;
                        else
                            delete message.first;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return InoRange;
    })();

    nacre.SessionRenewRequest = (function() {

        const SessionRenewRequest = function (properties) {
            this.seq = SessionRenewRequest.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionRenewRequest.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        SessionRenewRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(8).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionRenewRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionRenewRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionRenewRequest;
    })();

    nacre.SessionRenewReply = (function() {

        const SessionRenewReply = function (properties) {
            this.leaseMs = SessionRenewReply.prototype.leaseMs;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionRenewReply.prototype.leaseMs = 0;

        SessionRenewReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseMs != null && $Object.hasOwnProperty.call(message, "leaseMs") && message.leaseMs !== 0)
                writer.uint32(8).uint32(message.leaseMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionRenewReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionRenewReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.leaseMs = value;
                        else
                            delete message.leaseMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionRenewReply;
    })();

    nacre.SessionCloseRequest = (function() {

        const SessionCloseRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionCloseRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionCloseRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionCloseRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionCloseRequest;
    })();

    nacre.SessionCloseReply = (function() {

        const SessionCloseReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionCloseReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionCloseReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionCloseReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionCloseReply;
    })();

    nacre.AllocateInosRequest = (function() {

        const AllocateInosRequest = function (properties) {
            this.count = AllocateInosRequest.prototype.count;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AllocateInosRequest.prototype.count = 0;

        AllocateInosRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(8).uint32(message.count);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AllocateInosRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.AllocateInosRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AllocateInosRequest;
    })();

    nacre.AllocateInosReply = (function() {

        const AllocateInosReply = function (properties) {
            this.ranges = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AllocateInosReply.prototype.ranges = $util.emptyArray;

        AllocateInosReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ranges != null && message.ranges.length)
                for (let i = 0; i < message.ranges.length; ++i)
                    $root.nacre.InoRange.encode(message.ranges[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AllocateInosReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.AllocateInosReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.ranges && message.ranges.length))
                            message.ranges = [];
                        message.ranges.push($root.nacre.InoRange.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AllocateInosReply;
    })();

    nacre.JournalSafe = (function() {

        const JournalSafe = function (properties) {
            this.seq = JournalSafe.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        JournalSafe.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        JournalSafe.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(8).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        JournalSafe.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.JournalSafe();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return JournalSafe;
    })();

    nacre.JournalFlushRequest = (function() {

        const JournalFlushRequest = function (properties) {
            this.seq = JournalFlushRequest.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        JournalFlushRequest.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        JournalFlushRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(8).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        JournalFlushRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.JournalFlushRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return JournalFlushRequest;
    })();

    nacre.JournalFlushReply = (function() {

        const JournalFlushReply = function (properties) {
            this.seq = JournalFlushReply.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        JournalFlushReply.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        JournalFlushReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(8).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        JournalFlushReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.JournalFlushReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return JournalFlushReply;
    })();

    nacre.CapRecall = (function() {

        const CapRecall = function (properties) {
            this.ino = CapRecall.prototype.ino;
            this.keep = CapRecall.prototype.keep;
            this.seq = CapRecall.prototype.seq;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapRecall.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapRecall.prototype.keep = 0;
        CapRecall.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        CapRecall.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.keep != null && $Object.hasOwnProperty.call(message, "keep") && message.keep !== 0)
                writer.uint32(16).uint32(message.keep);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(24).uint64(message.seq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapRecall.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapRecall();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.keep = value;
                        else
                            delete message.keep;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapRecall;
    })();

    nacre.CapGrant = (function() {

        const CapGrant = function (properties) {
            this.grant = CapGrant.prototype.grant;
            this.barrierEpoch = CapGrant.prototype.barrierEpoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapGrant.prototype.grant = null;
        CapGrant.prototype.barrierEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        CapGrant.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.grant != null && $Object.hasOwnProperty.call(message, "grant"))
                $root.nacre.InodeGrant.encode(message.grant, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.barrierEpoch != null && $Object.hasOwnProperty.call(message, "barrierEpoch") && (typeof message.barrierEpoch === "object" ? message.barrierEpoch.low || message.barrierEpoch.high : message.barrierEpoch !== 0))
                writer.uint32(16).uint64(message.barrierEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapGrant.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapGrant();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.grant = $root.nacre.InodeGrant.decode(reader, reader.size(), $undefined, _depth + 1, message.grant);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.barrierEpoch = value;
                        else
                            delete message.barrierEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapGrant;
    })();

    nacre.CapUpdateRequest = (function() {

        const CapUpdateRequest = function (properties) {
            this.tid = CapUpdateRequest.prototype.tid;
            this.ino = CapUpdateRequest.prototype.ino;
            this.caps = CapUpdateRequest.prototype.caps;
            this.wanted = CapUpdateRequest.prototype.wanted;
            this.seq = CapUpdateRequest.prototype.seq;
            this.dirty = CapUpdateRequest.prototype.dirty;
            this.flush = CapUpdateRequest.prototype.flush;
            this.replay = CapUpdateRequest.prototype.replay;
            this.oldestTid = CapUpdateRequest.prototype.oldestTid;
            this.appended = CapUpdateRequest.prototype.appended;
            this.lockStates = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapUpdateRequest.prototype.tid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapUpdateRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapUpdateRequest.prototype.caps = 0;
        CapUpdateRequest.prototype.wanted = 0;
        CapUpdateRequest.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapUpdateRequest.prototype.dirty = null;
        CapUpdateRequest.prototype.flush = false;
        CapUpdateRequest.prototype.replay = false;
        CapUpdateRequest.prototype.oldestTid = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapUpdateRequest.prototype.appended = false;
        CapUpdateRequest.prototype.lockStates = $util.emptyArray;

        CapUpdateRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.tid != null && $Object.hasOwnProperty.call(message, "tid") && (typeof message.tid === "object" ? message.tid.low || message.tid.high : message.tid !== 0))
                writer.uint32(8).uint64(message.tid);
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.caps != null && $Object.hasOwnProperty.call(message, "caps") && message.caps !== 0)
                writer.uint32(24).uint32(message.caps);
            if (message.wanted != null && $Object.hasOwnProperty.call(message, "wanted") && message.wanted !== 0)
                writer.uint32(32).uint32(message.wanted);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(40).uint64(message.seq);
            if (message.dirty != null && $Object.hasOwnProperty.call(message, "dirty"))
                $root.nacre.DirtyInode.encode(message.dirty, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.flush != null && $Object.hasOwnProperty.call(message, "flush") && message.flush !== false)
                writer.uint32(56).bool(message.flush);
            if (message.replay != null && $Object.hasOwnProperty.call(message, "replay") && message.replay !== false)
                writer.uint32(64).bool(message.replay);
            if (message.oldestTid != null && $Object.hasOwnProperty.call(message, "oldestTid") && (typeof message.oldestTid === "object" ? message.oldestTid.low || message.oldestTid.high : message.oldestTid !== 0))
                writer.uint32(72).uint64(message.oldestTid);
            if (message.appended != null && $Object.hasOwnProperty.call(message, "appended") && message.appended !== false)
                writer.uint32(80).bool(message.appended);
            if (message.lockStates != null && message.lockStates.length)
                for (let i = 0; i < message.lockStates.length; ++i)
                    $root.nacre.LockState.encode(message.lockStates[i], writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapUpdateRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapUpdateRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.tid = value;
                        else
                            delete message.tid;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.caps = value;
                        else
                            delete message.caps;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.wanted = value;
                        else
                            delete message.wanted;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.dirty = $root.nacre.DirtyInode.decode(reader, reader.size(), $undefined, _depth + 1, message.dirty);
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.flush = value;
                        else
                            delete message.flush;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.replay = value;
                        else
                            delete message.replay;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.oldestTid = value;
                        else
                            delete message.oldestTid;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.appended = value;
                        else
                            delete message.appended;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if (!(message.lockStates && message.lockStates.length))
                            message.lockStates = [];
                        message.lockStates.push($root.nacre.LockState.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapUpdateRequest;
    })();

    nacre.DirtyInode = (function() {

        const DirtyInode = function (properties) {
            this.size = DirtyInode.prototype.size;
            this.mtime = DirtyInode.prototype.mtime;
            this.atime = DirtyInode.prototype.atime;
            this.ctime = DirtyInode.prototype.ctime;
            this.fields = DirtyInode.prototype.fields;
            this.timeWarpSeq = DirtyInode.prototype.timeWarpSeq;
            this.filled = DirtyInode.prototype.filled;
            this.dataEnd = DirtyInode.prototype.dataEnd;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        DirtyInode.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        DirtyInode.prototype.mtime = null;
        DirtyInode.prototype.atime = null;
        DirtyInode.prototype.ctime = null;
        DirtyInode.prototype.fields = 0;
        DirtyInode.prototype.timeWarpSeq = 0;
        DirtyInode.prototype.filled = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        DirtyInode.prototype.dataEnd = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        DirtyInode.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(8).uint64(message.size);
            if (message.mtime != null && $Object.hasOwnProperty.call(message, "mtime"))
                $root.nacre.Timespec.encode(message.mtime, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.atime != null && $Object.hasOwnProperty.call(message, "atime"))
                $root.nacre.Timespec.encode(message.atime, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.ctime != null && $Object.hasOwnProperty.call(message, "ctime"))
                $root.nacre.Timespec.encode(message.ctime, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.fields != null && $Object.hasOwnProperty.call(message, "fields") && message.fields !== 0)
                writer.uint32(40).uint32(message.fields);
            if (message.timeWarpSeq != null && $Object.hasOwnProperty.call(message, "timeWarpSeq") && message.timeWarpSeq !== 0)
                writer.uint32(48).uint32(message.timeWarpSeq);
            if (message.filled != null && $Object.hasOwnProperty.call(message, "filled") && (typeof message.filled === "object" ? message.filled.low || message.filled.high : message.filled !== 0))
                writer.uint32(56).sint64(message.filled);
            if (message.dataEnd != null && $Object.hasOwnProperty.call(message, "dataEnd") && (typeof message.dataEnd === "object" ? message.dataEnd.low || message.dataEnd.high : message.dataEnd !== 0))
                writer.uint32(64).uint64(message.dataEnd);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        DirtyInode.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.DirtyInode();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.mtime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.mtime);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.atime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.atime);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.ctime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.ctime);
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fields = value;
                        else
                            delete message.fields;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.timeWarpSeq = value;
                        else
                            delete message.timeWarpSeq;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                            message.filled = value;
                        else
                            delete message.filled;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.dataEnd = value;
                        else
                            delete message.dataEnd;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DirtyInode;
    })();

    nacre.CapUpdateReply = (function() {

        const CapUpdateReply = function (properties) {
            this.journalSeq = CapUpdateReply.prototype.journalSeq;
            this.grant = CapUpdateReply.prototype.grant;
            this.barrierEpoch = CapUpdateReply.prototype.barrierEpoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapUpdateReply.prototype.journalSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CapUpdateReply.prototype.grant = null;
        CapUpdateReply.prototype.barrierEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        CapUpdateReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.journalSeq != null && $Object.hasOwnProperty.call(message, "journalSeq") && (typeof message.journalSeq === "object" ? message.journalSeq.low || message.journalSeq.high : message.journalSeq !== 0))
                writer.uint32(8).uint64(message.journalSeq);
            if (message.grant != null && $Object.hasOwnProperty.call(message, "grant"))
                $root.nacre.InodeGrant.encode(message.grant, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.barrierEpoch != null && $Object.hasOwnProperty.call(message, "barrierEpoch") && (typeof message.barrierEpoch === "object" ? message.barrierEpoch.low || message.barrierEpoch.high : message.barrierEpoch !== 0))
                writer.uint32(24).uint64(message.barrierEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapUpdateReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapUpdateReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.journalSeq = value;
                        else
                            delete message.journalSeq;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.grant = $root.nacre.InodeGrant.decode(reader, reader.size(), $undefined, _depth + 1, message.grant);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.barrierEpoch = value;
                        else
                            delete message.barrierEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapUpdateReply;
    })();

    nacre.CapReleaseRequest = (function() {

        const CapReleaseRequest = function (properties) {
            this.released = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapReleaseRequest.prototype.released = $util.emptyArray;

        CapReleaseRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.released != null && message.released.length)
                for (let i = 0; i < message.released.length; ++i)
                    $root.nacre.HeldCaps.encode(message.released[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapReleaseRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapReleaseRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.released && message.released.length))
                            message.released = [];
                        message.released.push($root.nacre.HeldCaps.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapReleaseRequest;
    })();

    nacre.CapReleaseReply = (function() {

        const CapReleaseReply = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CapReleaseReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CapReleaseReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CapReleaseReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CapReleaseReply;
    })();

    nacre.SessionTrim = (function() {

        const SessionTrim = function (properties) {
            this.capsMax = SessionTrim.prototype.capsMax;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SessionTrim.prototype.capsMax = 0;

        SessionTrim.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.capsMax != null && $Object.hasOwnProperty.call(message, "capsMax") && message.capsMax !== 0)
                writer.uint32(8).uint32(message.capsMax);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SessionTrim.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SessionTrim();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.capsMax = value;
                        else
                            delete message.capsMax;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SessionTrim;
    })();

    nacre.FileLock = (function() {

        const FileLock = function (properties) {
            this.ino = FileLock.prototype.ino;
            this.flock = FileLock.prototype.flock;
            this.owner = FileLock.prototype.owner;
            this.pid = FileLock.prototype.pid;
            this.type = FileLock.prototype.type;
            this.startHigh = FileLock.prototype.startHigh;
            this.startLow = FileLock.prototype.startLow;
            this.endHigh = FileLock.prototype.endHigh;
            this.endLow = FileLock.prototype.endLow;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        FileLock.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        FileLock.prototype.flock = false;
        FileLock.prototype.owner = "";
        FileLock.prototype.pid = 0;
        FileLock.prototype.type = 0;
        FileLock.prototype.startHigh = 0;
        FileLock.prototype.startLow = 0;
        FileLock.prototype.endHigh = 0;
        FileLock.prototype.endLow = 0;

        FileLock.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.flock != null && $Object.hasOwnProperty.call(message, "flock") && message.flock !== false)
                writer.uint32(16).bool(message.flock);
            if (message.owner != null && $Object.hasOwnProperty.call(message, "owner") && message.owner !== "")
                writer.uint32(26).string(message.owner);
            if (message.pid != null && $Object.hasOwnProperty.call(message, "pid") && message.pid !== 0)
                writer.uint32(32).uint32(message.pid);
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(40).uint32(message.type);
            if (message.startHigh != null && $Object.hasOwnProperty.call(message, "startHigh") && message.startHigh !== 0)
                writer.uint32(48).uint32(message.startHigh);
            if (message.startLow != null && $Object.hasOwnProperty.call(message, "startLow") && message.startLow !== 0)
                writer.uint32(56).uint32(message.startLow);
            if (message.endHigh != null && $Object.hasOwnProperty.call(message, "endHigh") && message.endHigh !== 0)
                writer.uint32(64).uint32(message.endHigh);
            if (message.endLow != null && $Object.hasOwnProperty.call(message, "endLow") && message.endLow !== 0)
                writer.uint32(72).uint32(message.endLow);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        FileLock.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.FileLock();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.flock = value;
                        else
                            delete message.flock;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.owner = value;
                        else
                            delete message.owner;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pid = value;
                        else
                            delete message.pid;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.startHigh = value;
                        else
                            delete message.startHigh;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.startLow = value;
                        else
                            delete message.startLow;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.endHigh = value;
                        else
                            delete message.endHigh;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.endLow = value;
                        else
                            delete message.endLow;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return FileLock;
    })();

    nacre.LockState = (function() {

        const LockState = function (properties) {
            this.ino = LockState.prototype.ino;
            this.flock = LockState.prototype.flock;
            this.locks = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockState.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LockState.prototype.flock = false;
        LockState.prototype.locks = $util.emptyArray;

        LockState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.flock != null && $Object.hasOwnProperty.call(message, "flock") && message.flock !== false)
                writer.uint32(16).bool(message.flock);
            if (message.locks != null && message.locks.length)
                for (let i = 0; i < message.locks.length; ++i)
                    $root.nacre.FileLock.encode(message.locks[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.flock = value;
                        else
                            delete message.flock;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.locks && message.locks.length))
                            message.locks = [];
                        message.locks.push($root.nacre.FileLock.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockState;
    })();

    nacre.LockRequest = (function() {

        const LockRequest = function (properties) {
            this.head = LockRequest.prototype.head;
            this.lock = LockRequest.prototype.lock;
            this.wait = LockRequest.prototype.wait;
            this.test = LockRequest.prototype.test;
            this.state = LockRequest.prototype.state;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockRequest.prototype.head = null;
        LockRequest.prototype.lock = null;
        LockRequest.prototype.wait = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LockRequest.prototype.test = false;
        LockRequest.prototype.state = null;

        LockRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.lock != null && $Object.hasOwnProperty.call(message, "lock"))
                $root.nacre.FileLock.encode(message.lock, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.wait != null && $Object.hasOwnProperty.call(message, "wait") && (typeof message.wait === "object" ? message.wait.low || message.wait.high : message.wait !== 0))
                writer.uint32(24).uint64(message.wait);
            if (message.test != null && $Object.hasOwnProperty.call(message, "test") && message.test !== false)
                writer.uint32(32).bool(message.test);
            if (message.state != null && $Object.hasOwnProperty.call(message, "state"))
                $root.nacre.LockState.encode(message.state, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.lock = $root.nacre.FileLock.decode(reader, reader.size(), $undefined, _depth + 1, message.lock);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.wait = value;
                        else
                            delete message.wait;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.test = value;
                        else
                            delete message.test;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.state = $root.nacre.LockState.decode(reader, reader.size(), $undefined, _depth + 1, message.state);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockRequest;
    })();

    nacre.LockReply = (function() {

        const LockReply = function (properties) {
            this.head = LockReply.prototype.head;
            this.outcome = LockReply.prototype.outcome;
            this.blocker = LockReply.prototype.blocker;
            this.blockerIsOwn = LockReply.prototype.blockerIsOwn;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockReply.prototype.head = null;
        LockReply.prototype.outcome = 0;
        LockReply.prototype.blocker = null;
        LockReply.prototype.blockerIsOwn = false;

        LockReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.outcome != null && $Object.hasOwnProperty.call(message, "outcome") && message.outcome !== 0)
                writer.uint32(16).uint32(message.outcome);
            if (message.blocker != null && $Object.hasOwnProperty.call(message, "blocker"))
                $root.nacre.FileLock.encode(message.blocker, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.blockerIsOwn != null && $Object.hasOwnProperty.call(message, "blockerIsOwn") && message.blockerIsOwn !== false)
                writer.uint32(32).bool(message.blockerIsOwn);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.outcome = value;
                        else
                            delete message.outcome;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.blocker = $root.nacre.FileLock.decode(reader, reader.size(), $undefined, _depth + 1, message.blocker);
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.blockerIsOwn = value;
                        else
                            delete message.blockerIsOwn;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockReply;
    })();

    nacre.LockCancelRequest = (function() {

        const LockCancelRequest = function (properties) {
            this.head = LockCancelRequest.prototype.head;
            this.wait = LockCancelRequest.prototype.wait;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockCancelRequest.prototype.head = null;
        LockCancelRequest.prototype.wait = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        LockCancelRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.wait != null && $Object.hasOwnProperty.call(message, "wait") && (typeof message.wait === "object" ? message.wait.low || message.wait.high : message.wait !== 0))
                writer.uint32(16).uint64(message.wait);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockCancelRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockCancelRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.wait = value;
                        else
                            delete message.wait;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockCancelRequest;
    })();

    nacre.LockCancelReply = (function() {

        const LockCancelReply = function (properties) {
            this.head = LockCancelReply.prototype.head;
            this.cancelled = LockCancelReply.prototype.cancelled;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockCancelReply.prototype.head = null;
        LockCancelReply.prototype.cancelled = false;

        LockCancelReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.cancelled != null && $Object.hasOwnProperty.call(message, "cancelled") && message.cancelled !== false)
                writer.uint32(16).bool(message.cancelled);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockCancelReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockCancelReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.cancelled = value;
                        else
                            delete message.cancelled;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockCancelReply;
    })();

    nacre.LockGranted = (function() {

        const LockGranted = function (properties) {
            this.wait = LockGranted.prototype.wait;
            this.barrierEpoch = LockGranted.prototype.barrierEpoch;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LockGranted.prototype.wait = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LockGranted.prototype.barrierEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        LockGranted.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.wait != null && $Object.hasOwnProperty.call(message, "wait") && (typeof message.wait === "object" ? message.wait.low || message.wait.high : message.wait !== 0))
                writer.uint32(8).uint64(message.wait);
            if (message.barrierEpoch != null && $Object.hasOwnProperty.call(message, "barrierEpoch") && (typeof message.barrierEpoch === "object" ? message.barrierEpoch.low || message.barrierEpoch.high : message.barrierEpoch !== 0))
                writer.uint32(16).uint64(message.barrierEpoch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LockGranted.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LockGranted();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.wait = value;
                        else
                            delete message.wait;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.barrierEpoch = value;
                        else
                            delete message.barrierEpoch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LockGranted;
    })();

    nacre.LookupRequest = (function() {

        const LookupRequest = function (properties) {
            this.head = LookupRequest.prototype.head;
            this.parent = LookupRequest.prototype.parent;
            this.name = LookupRequest.prototype.name;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LookupRequest.prototype.head = null;
        LookupRequest.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LookupRequest.prototype.name = $util.newBuffer([]);

        LookupRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(16).uint64(message.parent);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LookupRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LookupRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LookupRequest;
    })();

    nacre.LookupReply = (function() {

        const LookupReply = function (properties) {
            this.head = LookupReply.prototype.head;
            this.found = LookupReply.prototype.found;
            this.offset = LookupReply.prototype.offset;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LookupReply.prototype.head = null;
        LookupReply.prototype.found = false;
        LookupReply.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        LookupReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.found != null && $Object.hasOwnProperty.call(message, "found") && message.found !== false)
                writer.uint32(16).bool(message.found);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(24).uint64(message.offset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LookupReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LookupReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.found = value;
                        else
                            delete message.found;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LookupReply;
    })();

    nacre.GetAttrRequest = (function() {

        const GetAttrRequest = function (properties) {
            this.head = GetAttrRequest.prototype.head;
            this.ino = GetAttrRequest.prototype.ino;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetAttrRequest.prototype.head = null;
        GetAttrRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        GetAttrRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetAttrRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GetAttrRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetAttrRequest;
    })();

    nacre.GetAttrReply = (function() {

        const GetAttrReply = function (properties) {
            this.head = GetAttrReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetAttrReply.prototype.head = null;

        GetAttrReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetAttrReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GetAttrReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetAttrReply;
    })();

    nacre.SetAttrRequest = (function() {

        const SetAttrRequest = function (properties) {
            this.head = SetAttrRequest.prototype.head;
            this.ino = SetAttrRequest.prototype.ino;
            this.fields = SetAttrRequest.prototype.fields;
            this.mode = SetAttrRequest.prototype.mode;
            this.uid = SetAttrRequest.prototype.uid;
            this.gid = SetAttrRequest.prototype.gid;
            this.size = SetAttrRequest.prototype.size;
            this.atime = SetAttrRequest.prototype.atime;
            this.mtime = SetAttrRequest.prototype.mtime;
            this.ctime = SetAttrRequest.prototype.ctime;
            this.knownSize = SetAttrRequest.prototype.knownSize;
            this.filled = SetAttrRequest.prototype.filled;
            this.dataEnd = SetAttrRequest.prototype.dataEnd;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SetAttrRequest.prototype.head = null;
        SetAttrRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SetAttrRequest.prototype.fields = 0;
        SetAttrRequest.prototype.mode = 0;
        SetAttrRequest.prototype.uid = 0;
        SetAttrRequest.prototype.gid = 0;
        SetAttrRequest.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SetAttrRequest.prototype.atime = null;
        SetAttrRequest.prototype.mtime = null;
        SetAttrRequest.prototype.ctime = null;
        SetAttrRequest.prototype.knownSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SetAttrRequest.prototype.filled = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
        SetAttrRequest.prototype.dataEnd = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        SetAttrRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.fields != null && $Object.hasOwnProperty.call(message, "fields") && message.fields !== 0)
                writer.uint32(24).uint32(message.fields);
            if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                writer.uint32(32).uint32(message.mode);
            if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== 0)
                writer.uint32(40).uint32(message.uid);
            if (message.gid != null && $Object.hasOwnProperty.call(message, "gid") && message.gid !== 0)
                writer.uint32(48).uint32(message.gid);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(56).uint64(message.size);
            if (message.atime != null && $Object.hasOwnProperty.call(message, "atime"))
                $root.nacre.Timespec.encode(message.atime, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.mtime != null && $Object.hasOwnProperty.call(message, "mtime"))
                $root.nacre.Timespec.encode(message.mtime, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.ctime != null && $Object.hasOwnProperty.call(message, "ctime"))
                $root.nacre.Timespec.encode(message.ctime, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.knownSize != null && $Object.hasOwnProperty.call(message, "knownSize") && (typeof message.knownSize === "object" ? message.knownSize.low || message.knownSize.high : message.knownSize !== 0))
                writer.uint32(88).uint64(message.knownSize);
            if (message.filled != null && $Object.hasOwnProperty.call(message, "filled") && (typeof message.filled === "object" ? message.filled.low || message.filled.high : message.filled !== 0))
                writer.uint32(96).sint64(message.filled);
            if (message.dataEnd != null && $Object.hasOwnProperty.call(message, "dataEnd") && (typeof message.dataEnd === "object" ? message.dataEnd.low || message.dataEnd.high : message.dataEnd !== 0))
                writer.uint32(104).uint64(message.dataEnd);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SetAttrRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SetAttrRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fields = value;
                        else
                            delete message.fields;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mode = value;
                        else
                            delete message.mode;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.uid = value;
                        else
                            delete message.uid;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.gid = value;
                        else
                            delete message.gid;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.atime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.atime);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.mtime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.mtime);
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.ctime = $root.nacre.Timespec.decode(reader, reader.size(), $undefined, _depth + 1, message.ctime);
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.knownSize = value;
                        else
                            delete message.knownSize;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                            message.filled = value;
                        else
                            delete message.filled;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.dataEnd = value;
                        else
                            delete message.dataEnd;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SetAttrRequest;
    })();

    nacre.SetAttrReply = (function() {

        const SetAttrReply = function (properties) {
            this.head = SetAttrReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SetAttrReply.prototype.head = null;

        SetAttrReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SetAttrReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SetAttrReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SetAttrReply;
    })();

    nacre.SetXattrRequest = (function() {

        const SetXattrRequest = function (properties) {
            this.head = SetXattrRequest.prototype.head;
            this.ino = SetXattrRequest.prototype.ino;
            this.name = SetXattrRequest.prototype.name;
            this.value = SetXattrRequest.prototype.value;
            this.flags = SetXattrRequest.prototype.flags;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SetXattrRequest.prototype.head = null;
        SetXattrRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        SetXattrRequest.prototype.name = $util.newBuffer([]);
        SetXattrRequest.prototype.value = $util.newBuffer([]);
        SetXattrRequest.prototype.flags = 0;

        SetXattrRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(34).bytes(message.value);
            if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
                writer.uint32(40).uint32(message.flags);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SetXattrRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SetXattrRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.flags = value;
                        else
                            delete message.flags;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SetXattrRequest;
    })();

    nacre.SetXattrReply = (function() {

        const SetXattrReply = function (properties) {
            this.head = SetXattrReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        SetXattrReply.prototype.head = null;

        SetXattrReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        SetXattrReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.SetXattrReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return SetXattrReply;
    })();

    nacre.GetXattrRequest = (function() {

        const GetXattrRequest = function (properties) {
            this.head = GetXattrRequest.prototype.head;
            this.ino = GetXattrRequest.prototype.ino;
            this.name = GetXattrRequest.prototype.name;
            this.untold = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetXattrRequest.prototype.head = null;
        GetXattrRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        GetXattrRequest.prototype.name = $util.newBuffer([]);
        GetXattrRequest.prototype.untold = $util.emptyArray;

        GetXattrRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.untold != null && message.untold.length)
                for (let i = 0; i < message.untold.length; ++i)
                    $root.nacre.UntoldSize.encode(message.untold[i], writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetXattrRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GetXattrRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.untold && message.untold.length))
                            message.untold = [];
                        message.untold.push($root.nacre.UntoldSize.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetXattrRequest;
    })();

    nacre.UntoldSize = (function() {

        const UntoldSize = function (properties) {
            this.ino = UntoldSize.prototype.ino;
            this.size = UntoldSize.prototype.size;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UntoldSize.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        UntoldSize.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        UntoldSize.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(8).uint64(message.ino);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(16).uint64(message.size);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UntoldSize.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.UntoldSize();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UntoldSize;
    })();

    nacre.GetXattrReply = (function() {

        const GetXattrReply = function (properties) {
            this.head = GetXattrReply.prototype.head;
            this.value = GetXattrReply.prototype.value;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GetXattrReply.prototype.head = null;
        GetXattrReply.prototype.value = $util.newBuffer([]);

        GetXattrReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                writer.uint32(18).bytes(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GetXattrReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GetXattrReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GetXattrReply;
    })();

    nacre.RemoveXattrRequest = (function() {

        const RemoveXattrRequest = function (properties) {
            this.head = RemoveXattrRequest.prototype.head;
            this.ino = RemoveXattrRequest.prototype.ino;
            this.name = RemoveXattrRequest.prototype.name;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RemoveXattrRequest.prototype.head = null;
        RemoveXattrRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RemoveXattrRequest.prototype.name = $util.newBuffer([]);

        RemoveXattrRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RemoveXattrRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RemoveXattrRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RemoveXattrRequest;
    })();

    nacre.RemoveXattrReply = (function() {

        const RemoveXattrReply = function (properties) {
            this.head = RemoveXattrReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RemoveXattrReply.prototype.head = null;

        RemoveXattrReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RemoveXattrReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RemoveXattrReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RemoveXattrReply;
    })();

    nacre.CreateRequest = (function() {

        const CreateRequest = function (properties) {
            this.head = CreateRequest.prototype.head;
            this.parent = CreateRequest.prototype.parent;
            this.name = CreateRequest.prototype.name;
            this.mode = CreateRequest.prototype.mode;
            this.umask = CreateRequest.prototype.umask;
            this.rdev = CreateRequest.prototype.rdev;
            this.symlink = CreateRequest.prototype.symlink;
            this.ino = CreateRequest.prototype.ino;
            this.wanted = CreateRequest.prototype.wanted;
            this.exclusive = CreateRequest.prototype.exclusive;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CreateRequest.prototype.head = null;
        CreateRequest.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CreateRequest.prototype.name = $util.newBuffer([]);
        CreateRequest.prototype.mode = 0;
        CreateRequest.prototype.umask = 0;
        CreateRequest.prototype.rdev = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CreateRequest.prototype.symlink = $util.newBuffer([]);
        CreateRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        CreateRequest.prototype.wanted = 0;
        CreateRequest.prototype.exclusive = false;

        CreateRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(16).uint64(message.parent);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                writer.uint32(32).uint32(message.mode);
            if (message.umask != null && $Object.hasOwnProperty.call(message, "umask") && message.umask !== 0)
                writer.uint32(40).uint32(message.umask);
            if (message.rdev != null && $Object.hasOwnProperty.call(message, "rdev") && (typeof message.rdev === "object" ? message.rdev.low || message.rdev.high : message.rdev !== 0))
                writer.uint32(48).uint64(message.rdev);
            if (message.symlink != null && $Object.hasOwnProperty.call(message, "symlink") && message.symlink.length)
                writer.uint32(58).bytes(message.symlink);
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(64).uint64(message.ino);
            if (message.wanted != null && $Object.hasOwnProperty.call(message, "wanted") && message.wanted !== 0)
                writer.uint32(72).uint32(message.wanted);
            if (message.exclusive != null && $Object.hasOwnProperty.call(message, "exclusive") && message.exclusive !== false)
                writer.uint32(80).bool(message.exclusive);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CreateRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CreateRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mode = value;
                        else
                            delete message.mode;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.umask = value;
                        else
                            delete message.umask;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.rdev = value;
                        else
                            delete message.rdev;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.symlink = value;
                        else
                            delete message.symlink;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.wanted = value;
                        else
                            delete message.wanted;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.exclusive = value;
                        else
                            delete message.exclusive;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CreateRequest;
    })();

    nacre.CreateReply = (function() {

        const CreateReply = function (properties) {
            this.head = CreateReply.prototype.head;
            this.created = CreateReply.prototype.created;
            this.offset = CreateReply.prototype.offset;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        CreateReply.prototype.head = null;
        CreateReply.prototype.created = false;
        CreateReply.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        CreateReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.created != null && $Object.hasOwnProperty.call(message, "created") && message.created !== false)
                writer.uint32(16).bool(message.created);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(24).uint64(message.offset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        CreateReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.CreateReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.created = value;
                        else
                            delete message.created;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return CreateReply;
    })();

    nacre.OpenRequest = (function() {

        const OpenRequest = function (properties) {
            this.head = OpenRequest.prototype.head;
            this.ino = OpenRequest.prototype.ino;
            this.wanted = OpenRequest.prototype.wanted;
            this.access = OpenRequest.prototype.access;
            this.truncate = OpenRequest.prototype.truncate;
            this.knownSize = OpenRequest.prototype.knownSize;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OpenRequest.prototype.head = null;
        OpenRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        OpenRequest.prototype.wanted = 0;
        OpenRequest.prototype.access = 0;
        OpenRequest.prototype.truncate = false;
        OpenRequest.prototype.knownSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        OpenRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.wanted != null && $Object.hasOwnProperty.call(message, "wanted") && message.wanted !== 0)
                writer.uint32(24).uint32(message.wanted);
            if (message.access != null && $Object.hasOwnProperty.call(message, "access") && message.access !== 0)
                writer.uint32(32).uint32(message.access);
            if (message.truncate != null && $Object.hasOwnProperty.call(message, "truncate") && message.truncate !== false)
                writer.uint32(40).bool(message.truncate);
            if (message.knownSize != null && $Object.hasOwnProperty.call(message, "knownSize") && (typeof message.knownSize === "object" ? message.knownSize.low || message.knownSize.high : message.knownSize !== 0))
                writer.uint32(48).uint64(message.knownSize);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OpenRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OpenRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.wanted = value;
                        else
                            delete message.wanted;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.access = value;
                        else
                            delete message.access;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.truncate = value;
                        else
                            delete message.truncate;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.knownSize = value;
                        else
                            delete message.knownSize;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OpenRequest;
    })();

    nacre.OpenReply = (function() {

        const OpenReply = function (properties) {
            this.head = OpenReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        OpenReply.prototype.head = null;

        OpenReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        OpenReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.OpenReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OpenReply;
    })();

    nacre.AppendRequest = (function() {

        const AppendRequest = function (properties) {
            this.head = AppendRequest.prototype.head;
            this.ino = AppendRequest.prototype.ino;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AppendRequest.prototype.head = null;
        AppendRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        AppendRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AppendRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.AppendRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AppendRequest;
    })();

    nacre.AppendReply = (function() {

        const AppendReply = function (properties) {
            this.head = AppendReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AppendReply.prototype.head = null;

        AppendReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AppendReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.AppendReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AppendReply;
    })();

    nacre.GrowRequest = (function() {

        const GrowRequest = function (properties) {
            this.head = GrowRequest.prototype.head;
            this.ino = GrowRequest.prototype.ino;
            this.size = GrowRequest.prototype.size;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GrowRequest.prototype.head = null;
        GrowRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        GrowRequest.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        GrowRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(24).uint64(message.size);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GrowRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GrowRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GrowRequest;
    })();

    nacre.GrowReply = (function() {

        const GrowReply = function (properties) {
            this.head = GrowReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        GrowReply.prototype.head = null;

        GrowReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        GrowReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.GrowReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return GrowReply;
    })();

    nacre.QuotaRequest = (function() {

        const QuotaRequest = function (properties) {
            this.head = QuotaRequest.prototype.head;
            this.ino = QuotaRequest.prototype.ino;
            this.untold = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        QuotaRequest.prototype.head = null;
        QuotaRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        QuotaRequest.prototype.untold = $util.emptyArray;

        QuotaRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.untold != null && message.untold.length)
                for (let i = 0; i < message.untold.length; ++i)
                    $root.nacre.UntoldSize.encode(message.untold[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        QuotaRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.QuotaRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.untold && message.untold.length))
                            message.untold = [];
                        message.untold.push($root.nacre.UntoldSize.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return QuotaRequest;
    })();

    nacre.QuotaReply = (function() {

        const QuotaReply = function (properties) {
            this.head = QuotaReply.prototype.head;
            this.quota = QuotaReply.prototype.quota;
            this.bytes = QuotaReply.prototype.bytes;
            this.files = QuotaReply.prototype.files;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        QuotaReply.prototype.head = null;
        QuotaReply.prototype.quota = null;
        QuotaReply.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        QuotaReply.prototype.files = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        QuotaReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.quota != null && $Object.hasOwnProperty.call(message, "quota"))
                $root.nacre.Quota.encode(message.quota, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(24).uint64(message.bytes);
            if (message.files != null && $Object.hasOwnProperty.call(message, "files") && (typeof message.files === "object" ? message.files.low || message.files.high : message.files !== 0))
                writer.uint32(32).uint64(message.files);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        QuotaReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.QuotaReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.quota = $root.nacre.Quota.decode(reader, reader.size(), $undefined, _depth + 1, message.quota);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.files = value;
                        else
                            delete message.files;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return QuotaReply;
    })();

    nacre.LinkRequest = (function() {

        const LinkRequest = function (properties) {
            this.head = LinkRequest.prototype.head;
            this.ino = LinkRequest.prototype.ino;
            this.parent = LinkRequest.prototype.parent;
            this.name = LinkRequest.prototype.name;
            this.unnamed = LinkRequest.prototype.unnamed;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LinkRequest.prototype.head = null;
        LinkRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LinkRequest.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        LinkRequest.prototype.name = $util.newBuffer([]);
        LinkRequest.prototype.unnamed = false;

        LinkRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(24).uint64(message.parent);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(34).bytes(message.name);
            if (message.unnamed != null && $Object.hasOwnProperty.call(message, "unnamed") && message.unnamed !== false)
                writer.uint32(40).bool(message.unnamed);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LinkRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LinkRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.unnamed = value;
                        else
                            delete message.unnamed;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LinkRequest;
    })();

    nacre.LinkReply = (function() {

        const LinkReply = function (properties) {
            this.head = LinkReply.prototype.head;
            this.offset = LinkReply.prototype.offset;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        LinkReply.prototype.head = null;
        LinkReply.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        LinkReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(16).uint64(message.offset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        LinkReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.LinkReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LinkReply;
    })();

    nacre.UnlinkRequest = (function() {

        const UnlinkRequest = function (properties) {
            this.head = UnlinkRequest.prototype.head;
            this.parent = UnlinkRequest.prototype.parent;
            this.name = UnlinkRequest.prototype.name;
            this.directory = UnlinkRequest.prototype.directory;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UnlinkRequest.prototype.head = null;
        UnlinkRequest.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        UnlinkRequest.prototype.name = $util.newBuffer([]);
        UnlinkRequest.prototype.directory = false;

        UnlinkRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(16).uint64(message.parent);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.directory != null && $Object.hasOwnProperty.call(message, "directory") && message.directory !== false)
                writer.uint32(32).bool(message.directory);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UnlinkRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.UnlinkRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.directory = value;
                        else
                            delete message.directory;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UnlinkRequest;
    })();

    nacre.UnlinkReply = (function() {

        const UnlinkReply = function (properties) {
            this.head = UnlinkReply.prototype.head;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UnlinkReply.prototype.head = null;

        UnlinkReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UnlinkReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.UnlinkReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UnlinkReply;
    })();

    nacre.RenameRequest = (function() {

        const RenameRequest = function (properties) {
            this.head = RenameRequest.prototype.head;
            this.parent = RenameRequest.prototype.parent;
            this.name = RenameRequest.prototype.name;
            this.newParent = RenameRequest.prototype.newParent;
            this.newName = RenameRequest.prototype.newName;
            this.flags = RenameRequest.prototype.flags;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RenameRequest.prototype.head = null;
        RenameRequest.prototype.parent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RenameRequest.prototype.name = $util.newBuffer([]);
        RenameRequest.prototype.newParent = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RenameRequest.prototype.newName = $util.newBuffer([]);
        RenameRequest.prototype.flags = 0;

        RenameRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.parent != null && $Object.hasOwnProperty.call(message, "parent") && (typeof message.parent === "object" ? message.parent.low || message.parent.high : message.parent !== 0))
                writer.uint32(16).uint64(message.parent);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(26).bytes(message.name);
            if (message.newParent != null && $Object.hasOwnProperty.call(message, "newParent") && (typeof message.newParent === "object" ? message.newParent.low || message.newParent.high : message.newParent !== 0))
                writer.uint32(32).uint64(message.newParent);
            if (message.newName != null && $Object.hasOwnProperty.call(message, "newName") && message.newName.length)
                writer.uint32(42).bytes(message.newName);
            if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
                writer.uint32(48).uint32(message.flags);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RenameRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RenameRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.parent = value;
                        else
                            delete message.parent;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.newParent = value;
                        else
                            delete message.newParent;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.newName = value;
                        else
                            delete message.newName;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.flags = value;
                        else
                            delete message.flags;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RenameRequest;
    })();

    nacre.RenameReply = (function() {

        const RenameReply = function (properties) {
            this.head = RenameReply.prototype.head;
            this.replaced = RenameReply.prototype.replaced;
            this.offset = RenameReply.prototype.offset;
            this.otherOffset = RenameReply.prototype.otherOffset;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        RenameReply.prototype.head = null;
        RenameReply.prototype.replaced = false;
        RenameReply.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        RenameReply.prototype.otherOffset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        RenameReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.replaced != null && $Object.hasOwnProperty.call(message, "replaced") && message.replaced !== false)
                writer.uint32(16).bool(message.replaced);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(24).uint64(message.offset);
            if (message.otherOffset != null && $Object.hasOwnProperty.call(message, "otherOffset") && (typeof message.otherOffset === "object" ? message.otherOffset.low || message.otherOffset.high : message.otherOffset !== 0))
                writer.uint32(32).uint64(message.otherOffset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        RenameReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.RenameReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.replaced = value;
                        else
                            delete message.replaced;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.otherOffset = value;
                        else
                            delete message.otherOffset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return RenameReply;
    })();

    nacre.ReadDirRequest = (function() {

        const ReadDirRequest = function (properties) {
            this.head = ReadDirRequest.prototype.head;
            this.ino = ReadDirRequest.prototype.ino;
            this.offset = ReadDirRequest.prototype.offset;
            this.maxEntries = ReadDirRequest.prototype.maxEntries;
            this.attributes = ReadDirRequest.prototype.attributes;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ReadDirRequest.prototype.head = null;
        ReadDirRequest.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ReadDirRequest.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        ReadDirRequest.prototype.maxEntries = 0;
        ReadDirRequest.prototype.attributes = false;

        ReadDirRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.RequestHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(16).uint64(message.ino);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(24).uint64(message.offset);
            if (message.maxEntries != null && $Object.hasOwnProperty.call(message, "maxEntries") && message.maxEntries !== 0)
                writer.uint32(32).uint32(message.maxEntries);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes") && message.attributes !== false)
                writer.uint32(40).bool(message.attributes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ReadDirRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ReadDirRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.RequestHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.maxEntries = value;
                        else
                            delete message.maxEntries;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.attributes = value;
                        else
                            delete message.attributes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ReadDirRequest;
    })();

    nacre.ReadDirReply = (function() {

        const ReadDirReply = function (properties) {
            this.head = ReadDirReply.prototype.head;
            this.end = ReadDirReply.prototype.end;
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ReadDirReply.prototype.head = null;
        ReadDirReply.prototype.entries = $util.emptyArray;
        ReadDirReply.prototype.end = false;

        ReadDirReply.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.nacre.ReplyHead.encode(message.head, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.nacre.DirEntry.encode(message.entries[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.end != null && $Object.hasOwnProperty.call(message, "end") && message.end !== false)
                writer.uint32(24).bool(message.end);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ReadDirReply.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.ReadDirReply();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.nacre.ReplyHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.nacre.DirEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.end = value;
                        else
                            delete message.end;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ReadDirReply;
    })();

    nacre.DirEntry = (function() {

        const DirEntry = function (properties) {
            this.name = DirEntry.prototype.name;
            this.offset = DirEntry.prototype.offset;
            this.ino = DirEntry.prototype.ino;
            this.mode = DirEntry.prototype.mode;
            this.grant = DirEntry.prototype.grant;
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        DirEntry.prototype.name = $util.newBuffer([]);
        DirEntry.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        DirEntry.prototype.ino = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        DirEntry.prototype.mode = 0;
        DirEntry.prototype.grant = null;

        DirEntry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                writer.uint32(10).bytes(message.name);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(16).uint64(message.offset);
            if (message.ino != null && $Object.hasOwnProperty.call(message, "ino") && (typeof message.ino === "object" ? message.ino.low || message.ino.high : message.ino !== 0))
                writer.uint32(24).uint64(message.ino);
            if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                writer.uint32(32).uint32(message.mode);
            if (message.grant != null && $Object.hasOwnProperty.call(message, "grant"))
                $root.nacre.InodeGrant.encode(message.grant, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        DirEntry.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.nacre.DirEntry();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.ino = value;
                        else
                            delete message.ino;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.mode = value;
                        else
                            delete message.mode;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.grant = $root.nacre.InodeGrant.decode(reader, reader.size(), $undefined, _depth + 1, message.grant);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return DirEntry;
    })();

    return nacre;
})();

export {
  $root as default
};
