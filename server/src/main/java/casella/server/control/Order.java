package casella.server.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be asked of a server, or of its data folder when no server runs.
///
/// In JSON an order is one object: `order` names it, the other members are its components. A member that may
/// be null may be left out.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.Status.class, name = "status"),
    @JsonSubTypes.Type(value = Order.Trends.class, name = "trends"),
    @JsonSubTypes.Type(value = Order.Doctor.class, name = "doctor"),
    @JsonSubTypes.Type(value = Order.Support.class, name = "support"),
    @JsonSubTypes.Type(value = Order.AlertsTest.class, name = "alerts-test"),
    @JsonSubTypes.Type(value = Order.AutomationList.class, name = "automation-list"),
    @JsonSubTypes.Type(value = Order.AutomationPause.class, name = "automation-pause"),
    @JsonSubTypes.Type(value = Order.AutomationResume.class, name = "automation-resume"),
    @JsonSubTypes.Type(value = Order.Debt.class, name = "debt"),
    @JsonSubTypes.Type(value = Order.QueueList.class, name = "queue-list"),
    @JsonSubTypes.Type(value = Order.QueueShow.class, name = "queue-show"),
    @JsonSubTypes.Type(value = Order.AccountAdd.class, name = "account-add"),
    @JsonSubTypes.Type(value = Order.AccountImport.class, name = "account-import"),
    @JsonSubTypes.Type(value = Order.AccountList.class, name = "account-list"),
    @JsonSubTypes.Type(value = Order.AccountPassword.class, name = "account-password"),
    @JsonSubTypes.Type(value = Order.AccountState.class, name = "account-state"),
    @JsonSubTypes.Type(value = Order.AccountPlan.class, name = "account-plan"),
    @JsonSubTypes.Type(value = Order.AliasAdd.class, name = "alias-add"),
    @JsonSubTypes.Type(value = Order.AliasRemove.class, name = "alias-remove"),
    @JsonSubTypes.Type(value = Order.ForwardSet.class, name = "forward-set"),
    @JsonSubTypes.Type(value = Order.ForwardRemove.class, name = "forward-remove"),
    @JsonSubTypes.Type(value = Order.ForwardList.class, name = "forward-list"),
    @JsonSubTypes.Type(value = Order.BrandAdd.class, name = "brand-add"),
    @JsonSubTypes.Type(value = Order.BrandList.class, name = "brand-list"),
    @JsonSubTypes.Type(value = Order.BrandDkim.class, name = "brand-dkim"),
    @JsonSubTypes.Type(value = Order.DomainAdd.class, name = "domain-add"),
    @JsonSubTypes.Type(value = Order.PlanAdd.class, name = "plan-add"),
    @JsonSubTypes.Type(value = Order.Verify.class, name = "verify"),
    @JsonSubTypes.Type(value = Order.Rebuild.class, name = "rebuild"),
    @JsonSubTypes.Type(value = Order.Export.class, name = "export"),
    @JsonSubTypes.Type(value = Order.Restore.class, name = "restore"),
    @JsonSubTypes.Type(value = Order.RestoreList.class, name = "restore-list"),
    @JsonSubTypes.Type(value = Order.Proof.class, name = "proof"),
    @JsonSubTypes.Type(value = Order.StandbyOpen.class, name = "standby-open"),
    @JsonSubTypes.Type(value = Order.StandbyReturn.class, name = "standby-return"),
    @JsonSubTypes.Type(value = Order.StandbyList.class, name = "standby-list"),
    @JsonSubTypes.Type(value = Order.AccountHold.class, name = "account-hold"),
    @JsonSubTypes.Type(value = Order.AccountErase.class, name = "account-erase"),
    @JsonSubTypes.Type(value = Order.CollectStatus.class, name = "collect-status"),
    @JsonSubTypes.Type(value = Order.CollectRun.class, name = "collect-run"),
    @JsonSubTypes.Type(value = Order.PlanList.class, name = "plan-list"),
    @JsonSubTypes.Type(value = Order.QuarantineRelease.class, name = "quarantine-release"),
    @JsonSubTypes.Type(value = DrillOrder.DrillRun.class, name = "drill-run"),
    @JsonSubTypes.Type(value = Order.VaultList.class, name = "vault-list"),
    @JsonSubTypes.Type(value = Order.VaultShow.class, name = "vault-show"),
    @JsonSubTypes.Type(value = Order.VaultAdd.class, name = "vault-add"),
    @JsonSubTypes.Type(value = Order.VaultBurnIn.class, name = "vault-burn-in"),
    @JsonSubTypes.Type(value = Order.VaultStart.class, name = "vault-start"),
    @JsonSubTypes.Type(value = Order.VaultContinue.class, name = "vault-continue"),
    @JsonSubTypes.Type(value = Order.VaultHalt.class, name = "vault-halt"),
    @JsonSubTypes.Type(value = Order.VaultRollback.class, name = "vault-rollback"),
    @JsonSubTypes.Type(value = Order.VaultRetire.class, name = "vault-retire"),
    @JsonSubTypes.Type(value = Order.VaultRemove.class, name = "vault-remove"),
    @JsonSubTypes.Type(value = Order.CohortList.class, name = "cohort-list"),
    @JsonSubTypes.Type(value = Order.CohortShow.class, name = "cohort-show"),
    @JsonSubTypes.Type(value = Order.CohortMove.class, name = "cohort-move"),
    @JsonSubTypes.Type(value = DrillOrder.DrillStop.class, name = "drill-stop"),
    @JsonSubTypes.Type(value = BanOrder.BanList.class, name = "ban-list"),
    @JsonSubTypes.Type(value = BanOrder.BanAdd.class, name = "ban-add"),
    @JsonSubTypes.Type(value = BanOrder.BanLift.class, name = "ban-lift"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingList.class, name = "outgoing-list"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingDestinations.class, name = "outgoing-destinations"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingHold.class, name = "outgoing-hold"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingRelease.class, name = "outgoing-release"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingRetry.class, name = "outgoing-retry"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingCancel.class, name = "outgoing-cancel"),
    @JsonSubTypes.Type(value = OutgoingOrder.OutgoingRedirect.class, name = "outgoing-redirect"),
    @JsonSubTypes.Type(value = NamingOrder.Dns.class, name = "dns"),
    @JsonSubTypes.Type(value = NamingOrder.DkimRotate.class, name = "dkim-rotate"),
    @JsonSubTypes.Type(value = NamingOrder.DkimRetire.class, name = "dkim-retire"),
    @JsonSubTypes.Type(value = DrillOrder.DrillReports.class, name = "drill-reports"),
    @JsonSubTypes.Type(value = DrillOrder.DrillReport.class, name = "drill-report"),
    @JsonSubTypes.Type(value = Order.SupportFile.class, name = "support-bundle"),
    @JsonSubTypes.Type(value = Order.ReopenPlan.class, name = "reopen-plan"),
    @JsonSubTypes.Type(value = Order.ReopenStart.class, name = "reopen-start"),
    @JsonSubTypes.Type(value = Order.ReopenStop.class, name = "reopen-stop"),
    @JsonSubTypes.Type(value = Order.ReopenStatus.class, name = "reopen-status"),
    @JsonSubTypes.Type(value = Order.Availability.class, name = "availability"),
    @JsonSubTypes.Type(value = Order.Losses.class, name = "losses"),
    @JsonSubTypes.Type(value = StaffOrder.StaffList.class, name = "staff-list"),
    @JsonSubTypes.Type(value = StaffOrder.StaffPut.class, name = "staff-put"),
    @JsonSubTypes.Type(value = StaffOrder.StaffRemove.class, name = "staff-remove"),
    @JsonSubTypes.Type(value = StaffOrder.StaffKey.class, name = "staff-key"),
    @JsonSubTypes.Type(value = StaffOrder.StaffKeyEnd.class, name = "staff-key-end"),
    @JsonSubTypes.Type(value = StaffOrder.AuditList.class, name = "audit-list"),
    @JsonSubTypes.Type(value = CardOrder.AccountFind.class, name = "account-find"),
    @JsonSubTypes.Type(value = CardOrder.AccountShow.class, name = "account-show"),
    @JsonSubTypes.Type(value = HelpOrder.HelpBegin.class, name = "help-begin"),
    @JsonSubTypes.Type(value = HelpOrder.HelpShow.class, name = "help-show"),
    @JsonSubTypes.Type(value = HelpOrder.HelpFolders.class, name = "help-folders"),
    @JsonSubTypes.Type(value = HelpOrder.HelpMessages.class, name = "help-messages"),
    @JsonSubTypes.Type(value = HelpOrder.HelpMessage.class, name = "help-message"),
    @JsonSubTypes.Type(value = HelpOrder.HelpEnd.class, name = "help-end"),
    @JsonSubTypes.Type(value = BreachOrder.BreachList.class, name = "breach-list"),
    @JsonSubTypes.Type(value = BreachOrder.BreachShow.class, name = "breach-show"),
    @JsonSubTypes.Type(value = BreachOrder.BreachOpen.class, name = "breach-open"),
    @JsonSubTypes.Type(value = BreachOrder.BreachUpdate.class, name = "breach-update"),
    @JsonSubTypes.Type(value = BreachOrder.BreachDecide.class, name = "breach-decide"),
    @JsonSubTypes.Type(value = BreachOrder.BreachExport.class, name = "breach-export"),
    @JsonSubTypes.Type(value = BreachOrder.IncidentReport.class, name = "incident-report"),
    @JsonSubTypes.Type(value = IncidentOrder.IncidentList.class, name = "incident-list"),
    @JsonSubTypes.Type(value = IncidentOrder.IncidentShow.class, name = "incident-show"),
    @JsonSubTypes.Type(value = IncidentOrder.IncidentOpen.class, name = "incident-open"),
    @JsonSubTypes.Type(value = IncidentOrder.IncidentUpdate.class, name = "incident-update"),
    @JsonSubTypes.Type(value = IncidentOrder.IncidentAnswer.class, name = "incident-answer"),
    @JsonSubTypes.Type(value = Order.ComplaintList.class, name = "complaint-list"),
    @JsonSubTypes.Type(value = Order.ComplaintShow.class, name = "complaint-show"),
    @JsonSubTypes.Type(value = Order.ComplaintOpen.class, name = "complaint-open"),
    @JsonSubTypes.Type(value = Order.ComplaintImport.class, name = "complaint-import"),
    @JsonSubTypes.Type(value = Order.ComplaintSort.class, name = "complaint-sort"),
    @JsonSubTypes.Type(value = Order.ComplaintAnswer.class, name = "complaint-answer"),
    @JsonSubTypes.Type(value = Order.ComplaintDecide.class, name = "complaint-decide"),
    @JsonSubTypes.Type(value = Order.ComplaintAttach.class, name = "complaint-attach"),
    @JsonSubTypes.Type(value = Order.ComplaintFile.class, name = "complaint-file"),
    @JsonSubTypes.Type(value = Order.CompensationPreview.class, name = "compensation-preview"),
    @JsonSubTypes.Type(value = Order.CompensationApprove.class, name = "compensation-approve"),
    @JsonSubTypes.Type(value = Order.CompensationApply.class, name = "compensation-apply"),
    @JsonSubTypes.Type(value = Order.CompensationRevoke.class, name = "compensation-revoke"),
    @JsonSubTypes.Type(value = Order.CompensationStatus.class, name = "compensation-status"),
    @JsonSubTypes.Type(value = Order.CompensationOf.class, name = "compensation-of"),
    @JsonSubTypes.Type(value = Order.CompensationList.class, name = "compensation-list"),
    @JsonSubTypes.Type(value = DeskOrder.ComplaintExport.class, name = "complaint-export"),
    @JsonSubTypes.Type(value = DeskOrder.ComplaintPackage.class, name = "complaint-package"),
    @JsonSubTypes.Type(value = DeskOrder.AssociationPack.class, name = "association-pack"),
    @JsonSubTypes.Type(value = DeskOrder.AvailabilityAll.class, name = "availability-all"),
    @JsonSubTypes.Type(value = DeskOrder.PostMortem.class, name = "incident-post-mortem"),
})
public sealed interface Order {
    /// What somebody carries out who stands before the directory's own operations.
    sealed interface Elsewhere extends Order
            permits BrandDkim, DrillOrder, SupportFile, Reopen, IncidentOrder, Complaints, Compensations,
                    Vaults,
                    Availability, Losses, BreachOrder, DeskOrder, StaffOrder, CardOrder,
                    HelpOrder, OutgoingOrder, NamingOrder, BanOrder {}

    /// Something follows the order: a list, a file.
    sealed interface WithBody extends Order {}

    /// How the server's parts are.
    record Status() implements Order {}

    /// On how the server is, and on what it does by itself.
    sealed interface Health extends Order {}

    /// What is wrong, since when, and what to do.
    record Doctor() implements Health {}

    /// How the figures that matter went during the last day.
    record Trends() implements Health {}

    /// Every figure, and what every thread does.
    record Support() implements Health {}

    /// What somebody who helps needs to see, without addresses and content.
    ///
    /// @param to a new file on the server's machine
    record SupportFile(String to) implements Elsewhere {}

    /// Sends a test by every channel that tells operators.
    record AlertsTest() implements Health {}

    /// What goes on by itself, and what of it is paused.
    record AutomationList() implements Health {}

    /// @param work `healer`, `standby`, `collector`, `ladder`, `reopen`; null for all
    record AutomationPause(@Nullable String work) implements Health {}

    /// @param work `healer`, `standby`, `collector`, `ladder`, `reopen`; null for all
    record AutomationResume(@Nullable String work) implements Health {}

    /// What has fewer copies than the policy asks for.
    record Debt() implements Order {}

    /// What waits in the queue, and how much it is.
    record QueueList() implements Order {}

    /// @param message its id in the queue
    record QueueShow(String message) implements Order {}

    /// @param password null for one that is made and told once
    record AccountAdd(
            String address,
            @Nullable String plan,
            @Nullable String name,
            @Nullable String language,
            @Nullable String password)
            implements Order {
        @Override
        public String toString() {
            return "AccountAdd";
        }
    }

    /// The CSV follows the order as the body.
    record AccountImport() implements Order, WithBody {}

    record AccountList() implements Order {}

    /// @param password null for one that is made and told once
    record AccountPassword(String address, @Nullable String password) implements Order {
        @Override
        public String toString() {
            return "AccountPassword";
        }
    }

    /// @param state `active`, `disabled` or `wiped`
    record AccountState(String address, String state) implements Order {}

    /// @param paidUntil a date, `2027-01-31`; null for what is never paid
    record AccountPlan(String address, String plan, @Nullable String paidUntil) implements Order {}

    record AliasAdd(String address, String alias) implements Order {}

    record AliasRemove(String address, String alias) implements Order {}

    /// Has mail for an address go on, in place of what was said of that address.
    ///
    /// @param address of a domain of ours; `@posta.example` for all names there that nobody has
    /// @param to addresses, here or elsewhere
    /// @param keep whether the account that has the address gets its copy too
    record ForwardSet(String address, List<String> to, boolean keep) implements Order {}

    record ForwardRemove(String address) implements Order {}

    record ForwardList() implements Order {}

    record BrandAdd(String name, String title, List<String> hosts, String accent, List<String> languages)
            implements Order {}

    record BrandList() implements Order {}

    /// The DNS records that let others verify what brands sign; makes the keys that are missing.
    ///
    /// @param name of a brand; null for all
    record BrandDkim(@Nullable String name) implements Elsewhere {}

    record DomainAdd(String brand, String domain) implements Order {}

    /// @param recoveryBytes removed mail it keeps; null for as much as the quota
    /// @param recipientsPerHour on other servers its owners may send to; 0 for as many as the configuration says, null for
    ///     as many as the plan of that name says already
    /// @param recipientsPerDay as above
    record PlanAdd(String name, long quotaBytes, boolean paid, String level,
            int recoveryDays, @Nullable Long recoveryBytes, @Nullable Integer recipientsPerHour,
            @Nullable Integer recipientsPerDay) implements Order {}

    /// Forbids, or allows again, that anything of an account goes.
    record AccountHold(String address, boolean held) implements Order {}

    /// Erases a wiped account from everywhere, now; given again, says how far that is.
    ///
    /// @param dryRun whether to say what would be erased where and erase nothing
    record AccountErase(String address, boolean dryRun) implements Order {}

    /// How the collector is, and what it asks.
    record CollectStatus() implements Order {}

    /// @param confirm whether what it asks is answered with yes
    record CollectRun(boolean confirm) implements Order {}

    record PlanList() implements Order {}

    /// @param account address or id; null for all
    record Verify(@Nullable String account) implements Order {}

    /// @param account address or id
    record Proof(String account) implements Order {}

    /// @param account address or id; null for all
    /// @param from a vault's name
    record Rebuild(@Nullable String account, String from) implements Order {}

    /// @param account address or id
    /// @param to an absolute path on the server's machine
    /// @param from a vault's name; null for all that are there
    record Export(String account, String to, @Nullable String from) implements Order {}

    /// @param account address or id
    /// @param emails ids; empty for a folder or the account
    /// @param folder its full name then; null for emails or the account
    /// @param asOf a moment, `2027-01-31T09:30:00+01:00`; null, for emails alone, for the moment before each
    ///                ended
    record Restore(String account, List<String> emails, @Nullable String folder, @Nullable String asOf)
            implements Order {}

    /// What can be had back.
    ///
    /// @param account address or id
    /// @param limit the newest so many, 1 to 10,000
    record RestoreList(String account, int limit) implements Order {}

    /// @param account address or id; null for all
    record StandbyOpen(@Nullable String account) implements Order {}

    /// @param account address or id; null for all that the standby serves
    record StandbyReturn(@Nullable String account) implements Order {}

    record StandbyList() implements Order {}

    /// Lets an account in again that was set aside.
    ///
    /// @param account address or id
    record QuarantineRelease(String account) implements Order {}

    /// On which accounts go together.
    sealed interface Cohorts extends Order {}

    /// How many accounts each cohort has.
    ///
    /// @param brand counts its accounts alone; null for all
    /// @param plan likewise
    record CohortList(@Nullable String brand, @Nullable String plan) implements Cohorts {}

    /// @param what the name of a cohort, or an account's address or id
    record CohortShow(String what) implements Cohorts {}

    /// @param to the name of a cohort; `slice` for the one the account's id says
    /// @param dryRun whether to say what would be done and do nothing
    record CohortMove(String address, String to, boolean dryRun) implements Cohorts {}

    /// On letting everybody in again.
    sealed interface Reopen extends Elsewhere {}

    /// Who would be let in when.
    ///
    /// @param first `paid`, or null
    /// @param soak like `10m`; null for the usual
    record ReopenPlan(@Nullable String first, @Nullable String soak) implements Reopen {}

    /// @param first `paid`, or null
    /// @param soak like `10m`; null for the usual
    record ReopenStart(@Nullable String first, @Nullable String soak) implements Reopen {}

    /// Lets everybody in.
    record ReopenStop() implements Reopen {}

    record ReopenStatus() implements Reopen {}

    /// On complaints. Their words say nothing of who complains, and not what: they are written down with the order.
    sealed interface Complaints extends Elsewhere {}

    /// Cases, oldest first, and how many there are.
    ///
    /// @param state `open`, `answered` or `closed`; null for all
    /// @param category null for all
    /// @param association in whose name they came; null for all
    /// @param due those that must be answered within so many days, and those that should have been; null for all
    record ComplaintList(@Nullable String state, @Nullable String category, @Nullable String association,
            @Nullable Integer due)
            implements Complaints {}

    record ComplaintShow(long complaint) implements Complaints {}

    /// Enters a case that came to an operator. Given again, it enters no second one.
    ///
    /// @param account an address or id; null where no mailbox is known
    /// @param received when it reached us, `2027-01-31T09:30:00+01:00` or `2027-01-31`; null for now
    /// @param protocol the number of a letter or certified mail; null for none
    record ComplaintOpen(
            String channel, String category, String brand, @Nullable String account, String name,
                    String contact, String subject,
            String text, String language, @Nullable String received,
                    @Nullable String protocol) implements Complaints {
        @Override
        public String toString() {
            return "ComplaintOpen[channel=%s, category=%s, brand=%s]".formatted(channel, category, brand);
        }
    }

    /// Enters the cases of an association from a CSV file that follows.
    ///
    /// @param mandate what shows that it may speak for them
    record ComplaintImport(String brand, String association, String mandate) implements Complaints,
            WithBody {}

    /// @param incident 0 for none
    record ComplaintSort(long complaint, String category, long incident) implements Complaints {}

    /// @param way `mailbox` to have it told there; `mail`, `pec`, `letter` or `telephone` where it was done by hand
    record ComplaintAnswer(long complaint, String way, String text) implements Complaints {
        @Override
        public String toString() {
            return "ComplaintAnswer[complaint=%d, way=%s]".formatted(complaint, way);
        }
    }

    /// @param outcome `upheld`, `partly-upheld`, `rejected` or `withdrawn`
    record ComplaintDecide(long complaint, String outcome, String way, String text) implements Complaints {
        @Override
        public String toString() {
            return "ComplaintDecide[complaint=%d, outcome=%s, way=%s]".formatted(complaint, outcome, way);
        }
    }

    /// Adds a file, which follows in Base64.
    record ComplaintAttach(long complaint, String name, String type) implements Complaints, WithBody {
        @Override
        public String toString() {
            return "ComplaintAttach[complaint=%d, type=%s]".formatted(complaint, type);
        }
    }

    /// Returns the file that a step added, in Base64.
    record ComplaintFile(long complaint, int step) implements Complaints {}

    /// On what owners are given for what did not work.
    sealed interface Compensations extends Elsewhere {}

    /// @param rules YAML, as it is in the file
    /// @param from a moment, or a day in UTC; null for when the incident was opened
    /// @param to likewise; null for when it was resolved
    /// @param as who orders it; null for the system's user
    record CompensationPreview(
            long incident, String rules, @Nullable String from, @Nullable String to, @Nullable String as)
            implements Compensations {
        @Override
        public String toString() {
            return "CompensationPreview[incident=" + incident + ", rules=" + rules.length()
                    + " characters, from="
                    + from + ", to=" + to + ", as=" + as + "]";
        }
    }

    /// @param digest the first characters of the preview's; null for whichever is there
    /// @param as who orders it; null for the system's user
    record CompensationApprove(long incident, @Nullable String digest, @Nullable String as)
            implements Compensations {}

    /// @param as who orders it; null for the system's user
    record CompensationApply(long incident, @Nullable String as) implements Compensations {}

    /// @param as who orders it; null for the system's user
    record CompensationRevoke(long incident, String why, @Nullable String as) implements Compensations {}

    /// @param incident null for all
    record CompensationStatus(@Nullable Long incident) implements Compensations {}

    /// What one account got.
    ///
    /// @param account address or id
    record CompensationOf(String account) implements Compensations {}

    /// Every account of an incident's compensation, for billing.
    record CompensationList(long incident) implements Compensations {}

    /// On the vaults there are, and on how one comes into the place of another.
    sealed interface Vaults extends Elsewhere {}

    /// Which vaults there are.
    record VaultList() implements Vaults {}

    /// How far the vault on its way is, and what was measured at each stage.
    record VaultShow(String name) implements Vaults {}

    /// @param kind `files`, `pack` or `rocksdb`
    /// @param folder where it keeps its files; null for a folder of its name below the data folder's `vaults`
    /// @param replaces the vault in whose place it is to come; null for the one of the same technology
    /// @param probation how long it serves everybody before the other can be retired; null for 30 days
    /// @param dryRun whether to say what would be done and do nothing
    record VaultAdd(
            String name, String kind, @Nullable String folder, @Nullable String replaces,
                    @Nullable String probation,
            boolean dryRun) implements Vaults {}

    /// Fills a vault that gets no mail yet past what it will ever hold, and empties it again.
    ///
    /// @param objects how many it will ever hold
    /// @param bytes how much that is, `4TiB`; null for 20 KiB each
    /// @param accounts of how many accounts; null for one in 1,000 objects
    /// @param answer after which a call counts as not answered, `10s`; null for that
    record VaultBurnIn(String name, long objects, @Nullable String bytes, @Nullable Long accounts,
            @Nullable String answer) implements Vaults {}

    /// @param soak how long each stage is watched; null for each stage's own time
    /// @param least calls of a kind without which a stage is not judged; null for 100
    /// @param withoutBurnIn whether it goes although no burn-in passed
    record VaultStart(String name, @Nullable String soak, @Nullable Long least,
            boolean withoutBurnIn) implements Vaults {}

    /// @param force without gates from now on
    record VaultContinue(String name, boolean force) implements Vaults {}

    /// @param why a sentence; null for none
    record VaultHalt(String name, @Nullable String why) implements Vaults {}

    /// @param to a lower stage; null for the lowest, at which it gets nothing
    record VaultRollback(String name, @Nullable String to) implements Vaults {}

    /// @param name the vault that goes
    /// @param dryRun whether to look whether it may go and leave it
    record VaultRetire(String name, boolean dryRun) implements Vaults {}

    /// Forgets a vault that gets nothing.
    record VaultRemove(String name) implements Vaults {}

    /// When what did not work for an account.
    ///
    /// @param account address or id
    /// @param from a moment, `2027-01-31T09:30:00+01:00`, or a day, `2027-01-31`, in UTC; null for where the record begins
    /// @param to likewise; null for now
    record Availability(String account, @Nullable String from, @Nullable String to) implements Elsewhere {}

    /// What became of mail that was accepted, and whose mail was not.
    ///
    /// @param account address or id; null for all
    /// @param incident whose time and brands are meant; null for all brands
    /// @param from as in [Availability]; null for the incident's beginning, or for always
    /// @param to likewise; null for the incident's end, or for now
    /// @param csv a new file on the server's machine with a line for each account; null for none
    record Losses(@Nullable String account, @Nullable Long incident, @Nullable String from,
            @Nullable String to,
            @Nullable String csv) implements Elsewhere {}

    /// Whether it only looks: it is carried out without being written down.
    default boolean looks() {
        return switch (this) {
            case Status _, Debt _, Doctor _, Trends _, Support _, AutomationList _, QueueList _,
                    QueueShow _ -> true;
            case AccountList _, BrandList _, ForwardList _, PlanList _, StandbyList _, RestoreList _,
                    CollectStatus _,
                    Verify _ -> true;
            case CohortList _, CohortShow _, Availability _ -> true;
            // A file with addresses is given to somebody.
            case Losses losses -> losses.csv() == null;
            case ReopenPlan _, ReopenStatus _ -> true;
            case ReopenStart _, ReopenStop _ -> false;
            case CohortMove(var _, var _, boolean dryRun) -> dryRun;
            // These say it themselves.
            case BreachOrder _, IncidentOrder _, DeskOrder _, StaffOrder _, CardOrder _, DrillOrder _,
                    SupportFile _, HelpOrder _, OutgoingOrder _, NamingOrder _, BanOrder _ -> false;
            // Who looked at a case, or into a file, is written down.
            case ComplaintList _ -> true;
            case ComplaintShow _, ComplaintFile _, ComplaintOpen _, ComplaintImport _, ComplaintSort _,
                    ComplaintAnswer _,
                    ComplaintDecide _, ComplaintAttach _ -> false;
            case CompensationStatus _, CompensationOf _ -> true;
            // What leaves with everybody's address is written down.
            case CompensationList _, CompensationPreview _, CompensationApprove _, CompensationApply _,
                    CompensationRevoke _ -> false;
            case AutomationPause _, AutomationResume _, AlertsTest _ -> false;
            case AccountAdd _, AccountImport _, AccountPassword _, AccountState _, AccountPlan _ -> false;
            case AliasAdd _, AliasRemove _, ForwardSet _, ForwardRemove _, BrandAdd _, DomainAdd _, PlanAdd _,
                    AccountHold _ -> false;
            case AccountErase erase -> erase.dryRun();
            case CollectRun _, Proof _, Rebuild _, Export _, Restore _, StandbyOpen _, StandbyReturn _ ->
                    false;
            case QuarantineRelease _, BrandDkim _ -> false;
            case VaultList _, VaultShow _ -> true;
            case VaultAdd add -> add.dryRun();
            case VaultRetire(var _, boolean dryRun) -> dryRun;
            case VaultBurnIn _, VaultStart _, VaultContinue _, VaultHalt _, VaultRollback _,
                    VaultRemove _ -> false;
        };
    }

    /// Whether it is on what is stored, not on the directory.
    default boolean concernsStore() {
        return switch (this) {
            case Verify _, Proof _, Rebuild _, Export _, Restore _, RestoreList _ -> true;
            case StandbyOpen _, StandbyReturn _, StandbyList _ -> true;
            case AccountErase _, CollectStatus _, CollectRun _, QuarantineRelease _ -> true;
            default -> false;
        };
    }
}
