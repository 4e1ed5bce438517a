//! The closed lists: each word has a key for tables and the API, and the Chinese that people write.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word:meta])* $variant:ident = $key:literal $zh:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$word])* $variant),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word for tables, files and the API.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// The word as it stands on a form.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh),+ }
            }
        }
    };
}

words! {
    /// Who a steward is.
    Kind {
        TownLeader = "town-leader" "镇领导",
        TownCadre = "town-cadre" "包村干部",
        VillageCadre = "village-cadre" "村干部",
        PartyMember = "party-member" "党员",
        Representative = "representative" "村民代表",
        Volunteer = "volunteer" "志愿者",
    }
}

words! {
    /// To the head of the household.
    Relation {
        Head = "head" "户主",
        Spouse = "spouse" "配偶",
        Son = "son" "子",
        Daughter = "daughter" "女",
        DaughterInLaw = "daughter-in-law" "儿媳",
        Grandson = "grandson" "孙子",
        Granddaughter = "granddaughter" "孙女",
        Father = "father" "父亲",
        Mother = "mother" "母亲",
        Lodger = "lodger" "租住",
    }
}

words! {
    /// Whether a household is due every day.
    Occupancy {
        Lived = "lived" "常住",
        /// Nobody lives there: no residents.
        Vacant = "vacant" "空户",
        /// Everybody is away, and stays away.
        Away = "away" "全户外出",
    }
}

words! {
    /// What a contact should know before knocking.
    Tag {
        LivingAlone = "living-alone" "独居",
        Elderly = "elderly" "老年户",
        NoPhone = "no-phone" "无电话",
        Disabled = "disabled" "残疾",
        Chronic = "chronic" "慢性病",
        Infant = "infant" "婴幼儿",
        LeftBehind = "left-behind" "留守儿童",
        LowIncome = "low-income" "低保",
        Lodgers = "lodgers" "有租户",
    }
}

words! {
    /// Why a household was tried and not reached.
    Reason {
        NotAtHome = "not-at-home" "家中无人",
        Locked = "locked" "大门上锁",
        NoAnswer = "no-answer" "电话无人接听",
        Refused = "refused" "拒绝配合",
    }
}

words! {
    /// The symptoms of the home observation form.
    Symptom {
        Fever = "fever" "发热",
        DryCough = "dry-cough" "干咳",
        Fatigue = "fatigue" "乏力",
        SoreThroat = "sore-throat" "咽痛",
        Diarrhoea = "diarrhoea" "腹泻",
    }
}

words! {
    Transport {
        Train = "train" "火车",
        Coach = "coach" "客车",
        Car = "car" "自驾",
        Plane = "plane" "飞机",
    }
}

words! {
    /// What a household asks for.
    Need {
        Medicine = "medicine" "代购药品",
        Food = "food" "代购生活用品",
        Masks = "masks" "口罩",
        Doctor = "doctor" "就医",
        Coal = "coal" "取暖用煤",
        Repair = "repair" "水电维修",
        Care = "care" "照料老人",
    }
}

words! {
    /// Why a visitor came.
    Purpose {
        Relatives = "relatives" "走亲访友",
        Work = "work" "务工",
        Delivery = "delivery" "送货",
        Funeral = "funeral" "奔丧",
        Other = "other" "其他",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_need_no_quoting() {
        let keys: Vec<_> = Tag::ALL.iter().map(|tag| tag.key()).collect();
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert!(keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
